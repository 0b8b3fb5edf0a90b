const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DIGEST_HOUR = 8;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * The week that a digest of this moment belongs to: the date of its Monday by the shop's clock, and when that Monday's eighth hour
 * was (epoch ms). Before it, the week is the one before. An unknown time zone reads as UTC.
 */
export function digestWeek(
  nowMs: number,
  timezone: string | null,
): { readonly monday: string; readonly beganMs: number } {
  const parts = partsAt(nowMs, timezone);
  const sinceMondayMs =
    Math.max(0, WEEKDAYS.indexOf(parts.weekday)) * DAY_MS +
    parts.hour * HOUR_MS +
    parts.minute * 60_000 +
    parts.second * 1_000 +
    (nowMs % 1_000);
  const sinceDigestMs = sinceMondayMs - DIGEST_HOUR * HOUR_MS;
  const beganMs = nowMs - (sinceDigestMs < 0 ? sinceDigestMs + 7 * DAY_MS : sinceDigestMs);
  return { monday: partsAt(beganMs, timezone).date, beganMs };
}

function partsAt(atMs: number, timezone: string | null) {
  const parts = formatterFor(timezone).formatToParts(atMs);
  const textOf = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return {
    weekday: textOf("weekday"),
    date: `${textOf("year")}-${textOf("month")}-${textOf("day")}`,
    hour: Number(textOf("hour")),
    minute: Number(textOf("minute")),
    second: Number(textOf("second")),
  };
}

function formatterFor(timezone: string | null): Intl.DateTimeFormat {
  const options = {
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: timezone ?? "UTC" });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    throw error;
  }
}
