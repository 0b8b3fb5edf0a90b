const FIRST_MS = 1_000;
const LONGEST_MS = 30 * 60_000;

/**
 * How long a row that failed waits: exponential with full jitter, between one second and thirty minutes, so that rows
 * that failed together do not come back together.
 *
 * @param attempts Runs so far, at least 1.
 * @param random Uniform in [0, 1).
 * @returns Milliseconds.
 */
export function backoffMs(attempts: number, random: () => number): number {
  const ceilingMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.round(FIRST_MS + random() * (ceilingMs - FIRST_MS));
}
