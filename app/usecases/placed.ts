import type { Unauthorised, Wait } from "./ports.ts";

/** What came of an attempt to give a reward. */
export type Placed =
  | { readonly outcome: "placed"; readonly externalId: string }
  | { readonly outcome: "wait"; readonly reason: string; readonly leastMs: number; readonly attemptsMax: number }
  | { readonly outcome: "refused"; readonly code: string }
  /** Nobody can tell whether it was given, and it may not be sent again: a person has to look. */
  | { readonly outcome: "undecided"; readonly reason: string }
  | Wait
  | Unauthorised;

const WAIT_GROWTH_MAX = 8;

/** Comes back later, after at least so many milliseconds; the waits grow up to the given attempt. */
export function waitFor(reason: string, leastMs: number, attemptsMax = WAIT_GROWTH_MAX): Placed {
  return { outcome: "wait", reason, leastMs, attemptsMax };
}
