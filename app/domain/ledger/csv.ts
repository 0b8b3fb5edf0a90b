/** One line of a CSV file (RFC 4180): fields with a comma, a quote or a line break are quoted, the line ends in CRLF. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export type Period = { readonly from: Date; readonly until: Date };

const DAY_MS = 86_400_000;
const FIRST_DAY = "2000-01-01";

/**
 * Reads the days of an export, both included and both optional, in UTC: "2026-11-01".
 *
 * @returns null when a day is none, or the last comes before the first
 */
export function readPeriod(from: string | null, to: string | null, now: Date): Period | null {
  const first = dayOf(from === null || from === "" ? FIRST_DAY : from);
  const last = dayOf(to === null || to === "" ? now.toISOString().slice(0, FIRST_DAY.length) : to);
  if (first === null || last === null || last < first) return null;
  return { from: new Date(first), until: new Date(last + DAY_MS) };
}

function dayOf(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 30 February is read as 2 March, so what was read has to print as it was written.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? null : at;
}
