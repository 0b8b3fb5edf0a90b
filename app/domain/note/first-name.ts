const NAME_LENGTH_MAX = 30;

/**
 * Cleans a first name for use in a sentence: letters, spaces, hyphens and apostrophes, at most 30 characters. Returns null for
 * anything else, and the sentence then does without: a name is typed by its owner and may hold anything.
 */
export function cleanFirstName(text: string): string | null {
  const name = text.normalize("NFC").trim().replace(/\s+/g, " ").replaceAll("’", "'");
  if (name.length > NAME_LENGTH_MAX) return null;
  return /^\p{L}[\p{L}\p{M}' -]*$/u.test(name) ? name : null;
}
