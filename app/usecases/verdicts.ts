import type { Placed } from "#app/usecases/placed.ts";
import type { Unauthorised, Wait, WorkVerdict } from "#app/usecases/ports.ts";

type Again = Extract<WorkVerdict, { outcome: "again" }>;

const FIRST_MS = 2_000;
const LONGEST_MS = 10 * 60_000;
/** A shop that removed the app may come back: until then its work rests. */
const UNAUTHORISED_MS = 15 * 60_000;

/** Comes back after a wait that grows with the runs so far, with jitter so that rows do not come back together. */
export function againLater(now: Date, attempts: number, reason: string, leastMs = 0): Again {
  const growingMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(Math.max(attempts, 1) - 1, 12));
  const waitMs = Math.max(leastMs, growingMs) * (1 + Math.random() * 0.25);
  return { outcome: "again", at: new Date(now.getTime() + Math.ceil(waitMs)), reason };
}

/** What to do with a row when Shopify could not be asked: nothing is lost, the row comes back. */
export function againAfterTrouble(now: Date, attempts: number, trouble: Wait | Unauthorised): Again {
  const leastMs = trouble.outcome === "unauthorised" ? UNAUTHORISED_MS : trouble.retryAfterMs;
  return againLater(now, attempts, trouble.outcome, leastMs);
}

/** What to do with a row whose reward could not be given yet: it comes back. */
export function afterTrouble(
  now: Date,
  attempts: number,
  trouble: Extract<Placed, { outcome: "wait" }> | Wait | Unauthorised,
): Again {
  return trouble.outcome === "wait"
    ? againLater(now, Math.min(attempts, trouble.attemptsMax), trouble.reason, trouble.leastMs)
    : againAfterTrouble(now, attempts, trouble);
}
