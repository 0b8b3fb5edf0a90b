import { parseIsoTime, printIsoTime } from "../time/iso-time.ts";

/** One line of a CSV file (RFC 4180): fields with a comma, a quote or a line break are quoted, the line ends in CRLF. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whole days in epoch milliseconds: `fromMs` is in it, `untilMs` is not. */
export type Period = { readonly fromMs: number; readonly untilMs: number };

const DAY_MS = 86_400_000;
const FIRST_DAY = "2000-01-01";

/**
 * Reads the days of an export, both included and both optional, in UTC: "2026-11-01".
 *
 * @returns null when a day is none, or the last comes before the first
 */
export function readPeriod(from: string | null, to: string | null, nowMs: number): Period | null {
  const fromMs = dayOf(from === null || from === "" ? FIRST_DAY : from);
  const lastMs = dayOf(to === null || to === "" ? printIsoTime(nowMs).slice(0, FIRST_DAY.length) : to);
  return fromMs === null || lastMs === null || lastMs < fromMs ? null : { fromMs, untilMs: lastMs + DAY_MS };
}

function dayOf(text: string): number | null {
  return text.length === FIRST_DAY.length ? parseIsoTime(text) : null;
}
