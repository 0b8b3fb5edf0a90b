import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS_MAX = 5;
const PAUSE_MS_MAX = 40;
/** serialization_failure, deadlock_detected: PostgreSQL asks for the transaction to be run again. */
const RETRYABLE_SQLSTATES = new Set(["40001", "40P01"]);

/** Thrown inside a transaction that lost a race it can win by starting over (somebody else inserted the key first). */
export class RaceLost extends Error {
  constructor(what: string) {
    super(`lost a race: ${what}`);
    this.name = "RaceLost";
  }
}

/** Goes on when a guarded write was the first of its kind, and else has the transaction begun again, which then sees the other's. */
export function assertWon(isWon: boolean, what: string): asserts isWon {
  if (!isWon) throw new RaceLost(what);
}

function isRetryable(error: unknown): boolean {
  if (error instanceof RaceLost) return true;
  return error instanceof Error && "code" in error && RETRYABLE_SQLSTATES.has(String(error.code));
}

/**
 * Runs a whole transaction again, at most five times with full jitter, when it lost a race or a deadlock.
 * Safe because the work is one transaction: a failed run left nothing behind.
 */
export async function retryRaces<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
      await sleep(Math.random() * PAUSE_MS_MAX * attempt);
    }
  }
}
