const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

/**
 * When the quiet hours of a shop's day end (epoch ms), if it is inside them; null when it is not. Hours are whole, by the shop's clock, and
 * may go over midnight: from 21 to 8. The same hour twice means that none is quiet. An unknown time zone reads as UTC.
 *
 * @param hours.from first quiet hour, 0 to 23 @param hours.to first hour that is not quiet any more
 */
export function quietUntil(nowMs: number, timezone: string | null, hours: { from: number; to: number }): number | null {
  const { hour, restMs } = localHour(nowMs, timezone);
  const { from, to } = hours;
  const isQuiet = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!isQuiet) return null;
  const hoursLeft = (to - hour + HOURS_A_DAY) % HOURS_A_DAY;
  const endMs = nowMs + hoursLeft * HOUR_MS - restMs;
  // A clock that is set back or forward on the way ends an hour off: then the next look decides.
  return endMs > nowMs ? endMs : nowMs + HOUR_MS;
}

/** The hour on a wall there, and how much of it is over. */
function localHour(nowMs: number, timezone: string | null): { hour: number; restMs: number } {
  const parts = formatterFor(timezone).formatToParts(nowMs);
  const numberOf = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    hour: numberOf("hour") % HOURS_A_DAY,
    restMs: numberOf("minute") * 60_000 + numberOf("second") * 1_000 + (nowMs % 1_000),
  };
}

function formatterFor(timezone: string | null): Intl.DateTimeFormat {
  const options = { hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: timezone ?? "UTC" });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    throw error;
  }
}
