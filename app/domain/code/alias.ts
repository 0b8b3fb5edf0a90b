/** Words that are routes of the storefront proxy and so can never be a code's name. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(["API", "QR", "CARD", "JOIN", "STATUS", "CLAIM"]);

/** Whether text is an alias as stored: capitals, digits and hyphens, 3 to 32, and no reserved word. */
export function isAliasShape(text: string): boolean {
  return /^[A-Z0-9-]{3,32}$/.test(text) && !RESERVED_WORDS.has(text);
}

/**
 * Reads what somebody typed or tapped as a code or an alias: trimmed and in capitals, or null when it can be neither.
 * Only ASCII letters are raised, so that no other letter turns into one ("ı" is no I). Every code has the shape of an alias.
 */
export function normaliseCode(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9-]{3,32}$/.test(trimmed)) return null;
  const upper = trimmed.toUpperCase();
  return isAliasShape(upper) ? upper : null;
}
