import type { Unauthorised, Wait } from "./ports.ts";

type Waiting = {
  readonly outcome: "wait";
  readonly reason: string;
  readonly leastMs: number;
  readonly attemptsMax: number;
};

/** What came of an attempt to make a code exist: doing it again is harmless. */
export type PlacedCode =
  | { readonly outcome: "placed"; readonly externalId: string }
  | Waiting
  | { readonly outcome: "refused"; readonly code: string }
  | Wait
  | Unauthorised;

/** What came of an attempt to give a reward. */
export type Placed =
  | PlacedCode
  /** Nobody can tell whether it was given, and it may not be sent again: a person has to look. */
  | { readonly outcome: "undecided"; readonly reason: string };

const WAIT_GROWTH_MAX = 8;

/** Comes back later, after at least so many milliseconds; the waits grow up to the given attempt. */
export function waitFor(reason: string, leastMs: number, attemptsMax = WAIT_GROWTH_MAX): Waiting {
  return { outcome: "wait", reason, leastMs, attemptsMax };
}
