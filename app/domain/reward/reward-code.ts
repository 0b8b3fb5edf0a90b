/** Base 32 without I, L, O and U, after Crockford: nothing is misread. */
export const REWARD_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const REWARD_CODE_LENGTH = 16;

const BITS_PER_CHARACTER = 5n;
const BITS_PER_BYTE = 8n;
/** 16 characters of 5 bits. */
const MAC_BYTES_USED = 10;

/**
 * Prints the first 80 bits of a message authentication code as a reward's discount code. The same reward always gives the
 * same code, which is why a retried call never makes a second one. Throws RangeError for fewer than 10 bytes.
 */
export function rewardCodeFromMac(mac: Uint8Array): string {
  if (mac.length < MAC_BYTES_USED) throw new RangeError(`a reward code is made of ${MAC_BYTES_USED} bytes or more`);
  let bits = mac.subarray(0, MAC_BYTES_USED).reduce((sum, byte) => (sum << BITS_PER_BYTE) | BigInt(byte), 0n);
  let code = "";
  while (code.length < REWARD_CODE_LENGTH) {
    code = REWARD_CODE_ALPHABET.charAt(Number(bits & 31n)) + code;
    bits >>= BITS_PER_CHARACTER;
  }
  return code;
}

const REWARD_CODE = new RegExp(`^[${REWARD_CODE_ALPHABET}]{${REWARD_CODE_LENGTH}}$`);

/** Whether a discount code, typed in any case, has the form of those that we make. */
export function isRewardCodeLike(code: string): boolean {
  return REWARD_CODE.test(code.toUpperCase());
}
