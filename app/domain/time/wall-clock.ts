import { parseIsoTime } from "./iso-time.ts";

/**
 * What a clock on the wall shows in a time zone, as the epoch ms at which a clock in UTC shows the same: hour, weekday and date
 * follow by plain arithmetic. An absent or unknown zone reads as UTC, and so does every moment past the year 9999.
 */
export function wallClockMs(atMs: number, timezone: string | null): number {
  // Swedish writes a moment as ISO 8601 does, but for the T and the zone.
  const shown = formatterFor(timezone ?? "UTC")
    .format(atMs)
    .replace(" ", "T");
  const millisecond = String(atMs % 1_000).padStart(3, "0");
  return parseIsoTime(`${shown}.${millisecond}Z`) ?? atMs;
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const style = { dateStyle: "short", timeStyle: "medium" } as const;
  try {
    return new Intl.DateTimeFormat("sv-SE", { ...style, timeZone });
  } catch {
    // It throws for a zone that it does not know, and for nothing else here.
    return new Intl.DateTimeFormat("sv-SE", { ...style, timeZone: "UTC" });
  }
}
