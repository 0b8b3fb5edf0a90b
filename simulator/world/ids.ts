import { randomBytes, randomInt } from "node:crypto";

/** Gives the next numeric id of a kind, as a string of 13 or 14 digits, the size of real ones. */
export type IdSource = (kind: string) => string;

/** Makes an id source: per kind a random start, then small random steps, so that ids rise but cannot be guessed. */
export function createIdSource(): IdSource {
  const last = new Map<string, number>();
  return (kind) => {
    const previous = last.get(kind) ?? 5_000_000_000_000 + randomInt(0, 2 ** 40);
    const next = previous + randomInt(1, 40_000);
    last.set(kind, next);
    return String(next);
  };
}

/** The global form of an id: `gid("Order", "612…")` is "gid://shopify/Order/612…". */
export function gid(kind: string, id: string): string {
  return `gid://shopify/${kind}/${id}`;
}

/** Splits a global id into kind and number; null when it is none. Parameters after "?" are dropped. */
export function parseGid(text: string): { readonly kind: string; readonly id: string } | null {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/.exec(text);
  const [, kind, id] = match ?? [];
  return kind === undefined || id === undefined ? null : { kind, id };
}

/** A random lower-case hex string of `bytes` bytes, for tokens. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
