import { isUtf8 } from "node:buffer";
import type { UnreadableFacts } from "#app/data/inbox-door.repo.ts";

export type ReadBody =
  | { readonly outcome: "json"; readonly json: unknown }
  | { readonly outcome: "unreadable"; readonly reason: UnreadableFacts["reason"]; readonly errorOffset: number | null };

const DEPTH_MAX = 64;
/** 2^53 has sixteen digits: only a number as long as that may lose some when it is read. */
const LONG_NUMBER_DIGITS = 16;
const [ZERO, NINE] = [0x30, 0x39];
/** An escaped NUL: legal in JSON, and what PostgreSQL stores in no text. An even run of backslashes before it is text. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/**
 * Reads the body of a genuine delivery. Integers that a JavaScript number does not hold exactly become text, so that an
 * id above 2^53 stays the id that it was. Names such as `__proto__` are plain fields of the result and change nothing.
 *
 * @param body The bytes as they arrived.
 */
export function readBody(body: Buffer): ReadBody {
  const text = body.toString("utf8");
  if (!isUtf8(body)) return { outcome: "unreadable", reason: "not_utf8", errorOffset: firstBadByte(text) };
  const nul = text.includes("\\u0000") ? text.search(ESCAPED_NUL) : text.indexOf("\0");
  if (nul !== -1) return { outcome: "unreadable", reason: "nul", errorOffset: nul };
  const needsExactIntegers = hasLongNumber(body);
  // Reading itself is not recursive, but the walk over what was read is.
  const tooDeepAt = needsExactIntegers ? offsetBelow(text, DEPTH_MAX) : -1;
  if (tooDeepAt !== -1) return { outcome: "unreadable", reason: "too_deep", errorOffset: tooDeepAt };
  try {
    return { outcome: "json", json: needsExactIntegers ? JSON.parse(text, exactInteger) : JSON.parse(text) };
  } catch (error) {
    // The message quotes the body, so only the place is taken from it.
    const place = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    return { outcome: "unreadable", reason: "not_json", errorOffset: place === undefined ? null : Number(place) };
  }
}

/**
 * Whether so many digits stand side by side somewhere. So long a run covers every place that is a multiple of its length,
 * so only these are looked at, and their neighbours where they are digits.
 */
function hasLongNumber(body: Buffer): boolean {
  const isDigit = (at: number): boolean => {
    const byte = body[at];
    return byte !== undefined && byte >= ZERO && byte <= NINE;
  };
  for (let at = LONG_NUMBER_DIGITS - 1; at < body.length; at += LONG_NUMBER_DIGITS) {
    if (!isDigit(at)) continue;
    let [from, to] = [at, at + 1];
    while (isDigit(from - 1)) from -= 1;
    while (isDigit(to)) to += 1;
    if (to - from >= LONG_NUMBER_DIGITS) return true;
  }
  return false;
}

/** Gives an integer beyond 2^53 back as the digits that were sent. */
function exactInteger(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? source : value;
}

/** Where brackets outside of strings nest deeper than allowed, or -1. */
function offsetBelow(text: string, depthMax: number): number {
  let depth = 0;
  let isInString = false;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text[offset];
    if (isInString && character === "\\") offset += 1;
    else if (character === '"') isInString = !isInString;
    else if (!isInString && (character === "{" || character === "[")) depth += 1;
    else if (!isInString && (character === "}" || character === "]")) depth -= 1;
    if (depth > depthMax) return offset;
  }
  return -1;
}

/** The offset in bytes of the first replacement character; the bytes before it were read one to one. */
function firstBadByte(text: string): number {
  return Buffer.byteLength(text.slice(0, text.indexOf("\ufffd")));
}
