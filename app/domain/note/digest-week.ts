import { printIsoTime } from "../time/iso-time.ts";
import { wallClockMs } from "../time/wall-clock.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Monday 1970-01-05, eight o'clock. */
const FIRST_DIGEST_MS = 4 * DAY_MS + 8 * HOUR_MS;
const DATE_LENGTH = "2026-11-16".length;

/**
 * The week that a digest of this moment belongs to: the date of its Monday by the shop's clock, and when that Monday's eighth hour
 * was (epoch ms). Before it, the week is the one before. An unknown time zone reads as UTC.
 */
export function digestWeek(
  nowMs: number,
  timezone: string | null,
): { readonly monday: string; readonly beganMs: number } {
  const shownMs = wallClockMs(nowMs, timezone);
  const sinceDigestMs = (shownMs - FIRST_DIGEST_MS) % WEEK_MS;
  return { monday: printIsoTime(shownMs - sinceDigestMs).slice(0, DATE_LENGTH), beganMs: nowMs - sinceDigestMs };
}
