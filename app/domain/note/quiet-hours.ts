import { wallClockMs } from "../time/wall-clock.ts";

const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

/**
 * When the quiet hours of a shop's day end (epoch ms), if it is inside them; null when it is not. Hours are whole, by the shop's clock, and
 * may go over midnight: from 21 to 8. The same hour twice means that none is quiet. An unknown time zone reads as UTC. A clock that
 * is set back or forward on the way makes the end an hour off: then the next look decides.
 *
 * @param hours.from first quiet hour, 0 to 23 @param hours.to first hour that is not quiet any more
 */
export function quietUntil(nowMs: number, timezone: string | null, hours: { from: number; to: number }): number | null {
  const shownMs = wallClockMs(nowMs, timezone);
  const hour = Math.floor(shownMs / HOUR_MS) % HOURS_A_DAY;
  const { from, to } = hours;
  const isQuiet = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!isQuiet) return null;
  const hoursLeft = (to - hour + HOURS_A_DAY) % HOURS_A_DAY;
  return nowMs + hoursLeft * HOUR_MS - (shownMs % HOUR_MS);
}
