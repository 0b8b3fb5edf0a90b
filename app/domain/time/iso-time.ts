const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** 400 years repeat exactly in the Gregorian calendar. */
const DAYS_PER_ERA = 146_097;
/** Days from 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_EPOCH = 719_468;

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2}))?$/;
const DAYS_IN_MONTH: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a moment in ISO 8601 with its zone, or a day (its start in UTC), as epoch milliseconds; null when it is neither.
 * Written out, since the platform's own reader takes the machine's time zone where the text has none.
 */
export function parseIsoTime(text: string): number | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const offsetMs = zoneOffsetMs(zone);
  if (
    !isDate(Number(year), Number(month), Number(day)) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59
  )
    return null;
  if (offsetMs === null) return null;
  const timeMs =
    Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS + Number(fraction.padEnd(3, "0"));
  return daysFromDate(Number(year), Number(month), Number(day)) * DAY_MS + timeMs - offsetMs;
}

/** Prints epoch milliseconds (years 0 to 9999) as ISO 8601 in UTC, "2026-11-20T00:00:00.000Z". */
export function printIsoTime(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS);
  const restMs = epochMs - days * DAY_MS;
  const { year, month, day } = dateFromDays(days);
  const time = [restMs / HOUR_MS, (restMs % HOUR_MS) / MINUTE_MS, (restMs % MINUTE_MS) / SECOND_MS].map((part) =>
    digits(Math.floor(part), 2),
  );
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${time.join(":")}.${digits(restMs % SECOND_MS, 3)}Z`;
}

function zoneOffsetMs(zone: string): number | null {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

function isDate(year: number, month: number, day: number): boolean {
  const daysMax = DAYS_IN_MONTH[month - 1];
  if (daysMax === undefined || day < 1 || day > daysMax) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month !== 2 || day !== 29 || isLeap;
}

/** Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last (H. Hinnant's civil calendar). */
function daysFromDate(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_BEFORE_EPOCH;
}

function dateFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + DAYS_BEFORE_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((monthFromMarch + 2) % 12) + 1;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day };
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
