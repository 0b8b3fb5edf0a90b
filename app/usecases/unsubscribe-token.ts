import { AppError } from "#app/platform/errors.ts";
import { isUuid, uuidFromBytes, uuidToBytes } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";

const PURPOSE = "unsubscribe";
const ID_BYTES = 16;

/** Makes the token of a mail's unsubscribe link: the shop in the open, the person sealed. URL-safe; it does not run out. */
export function sealUnsubscribeToken(keys: Keys, of: { shopId: string; personId: string }): string {
  const sealed = keys.wrap(PURPOSE, of.shopId, uuidToBytes(of.personId));
  return Buffer.concat([uuidToBytes(of.shopId), sealed]).toString("base64url");
}

/** Opens what `sealUnsubscribeToken` made; null for anything else. */
export function openUnsubscribeToken(keys: Keys, token: string): { shopId: string; personId: string } | null {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length <= ID_BYTES) return null;
  const shopId = uuidFromBytes(bytes.subarray(0, ID_BYTES));
  try {
    const personId = uuidFromBytes(keys.unwrap(PURPOSE, shopId, bytes.subarray(ID_BYTES)));
    return isUuid(personId) ? { shopId, personId } : null;
  } catch (error) {
    if (error instanceof AppError && error.code === "sealed_unreadable") return null;
    throw error;
  }
}
