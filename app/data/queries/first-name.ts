import { AppError } from "#app/platform/errors.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openPersonProfile } from "#app/platform/sealed-profile.ts";

/** The two columns of `people` that hold a sealed profile; both null after an erasure, or when nothing was ever known. */
export type SealedColumns = { readonly profileEnc: Uint8Array | null; readonly profileKeyWrapped: Uint8Array | null };

/**
 * The first name in a sealed profile. Null when there is none, and when the key that sealed it is gone: one unreadable
 * name must not hide a page of referrals.
 */
export function firstNameOf(
  keys: Keys,
  shopId: string,
  { profileEnc, profileKeyWrapped }: SealedColumns,
): string | null {
  if (profileEnc === null || profileKeyWrapped === null) return null;
  try {
    const sealed = { profileEnc: Buffer.from(profileEnc), profileKeyWrapped: Buffer.from(profileKeyWrapped) };
    return openPersonProfile(keys, shopId, sealed).firstName;
  } catch (error) {
    if (error instanceof AppError && error.code === "sealed_unreadable") return null;
    throw error;
  }
}
