import { isObject } from "#app/domain/json/read.ts";

/** How far a comparison of a shop's discounts has come. */
export type Round = {
  /** The last discount that was compared; null before the first. */
  readonly after: string | null;
  /** Codes that the round before saw used without an order. */
  readonly suspects: readonly string[];
  /** Those that this one sees so. */
  readonly seen: readonly string[];
  /** Differences that this round was the first to find. */
  readonly opened: number;
};

const CODES_MAX = 1_000;

/** Reads what a row keeps of its round; one that keeps nothing begins anew. */
export function parseRound(payload: unknown): Round {
  const known = isObject(payload) ? payload : {};
  const { after, opened } = known;
  return {
    after: typeof after === "string" ? after : null,
    suspects: codesIn(known["suspects"]),
    seen: codesIn(known["seen"]),
    opened: typeof opened === "number" ? opened : 0,
  };
}

function codesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((code) => typeof code === "string").slice(0, CODES_MAX) : [];
}
