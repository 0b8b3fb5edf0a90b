/**
 * Reads a phone number as E.164: a plus and 7 to 15 digits, separators left out, a leading 00 taken as the plus.
 * Returns null for anything else: a national number without its country could be anybody's.
 */
export function normalisePhone(text: string): string | null {
  const digits = text
    .trim()
    .replace(/[\s().\-/]/g, "")
    .replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}
