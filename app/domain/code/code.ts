/** No I, L, O, U, 0 or 1: nothing that is misread aloud or from a printed card. */
export const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
export const CODE_LENGTH_MIN = 5;
export const CODE_LENGTH_MAX = 6;

const CLASHES_BEFORE_LONGER = 8;
const BYTE_VALUES = 256;
/** Bytes from here on would favour the first letters of the alphabet, so they are passed over. */
const BYTE_LIMIT = BYTE_VALUES - (BYTE_VALUES % CODE_ALPHABET.length);

/**
 * Turns random bytes into a code of `length` characters, every character equally likely.
 * Returns null when the bytes ran out (about one in sixteen is passed over): the caller draws more.
 */
export function codeFromBytes(random: Uint8Array, length: number): string | null {
  let code = "";
  for (const byte of random) {
    if (code.length === length) break;
    if (byte < BYTE_LIMIT) code += CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length);
  }
  return code.length === length ? code : null;
}

/** How long the next drawn code is, after so many clashes with codes that are taken. */
export function codeLengthFor(clashes: number): number {
  return clashes < CLASHES_BEFORE_LONGER ? CODE_LENGTH_MIN : CODE_LENGTH_MAX;
}

/** Whether text is a code as minted: capitals of the alphabet, five or six. */
export function isCodeShape(text: string): boolean {
  return /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{5,6}$/.test(text);
}
