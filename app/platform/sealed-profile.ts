import { createSecretKey, randomBytes } from "node:crypto";
import { z } from "zod";
import { AppError } from "./errors.ts";
import { aadOf, openSealed, seal } from "./keys.ts";
import type { Keys } from "./keys.ts";

const PERSON_KEY_BYTES = 32;
/** A person's own key has no id: the wrapped key beside it is the only one that opens the profile. */
const NO_KEY_ID = Buffer.alloc(4);

const Profile = z.object({
  /** Shopify's customer id, to ask Shopify about this person later. */
  customerId: z.string().nullable().optional(),
  firstName: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string().nullable(),
});

/** What is kept of a person who is in a referral or a claim, sealed always. Any field may be unknown. */
export type Profile = z.infer<typeof Profile>;

/**
 * Seals a profile for its way through the inbox.
 *
 * @returns Base64url text that only this shop's rows can be opened from.
 */
export function sealProfile(keys: Keys, shopId: string, profile: Profile): string {
  return keys.wrap("inbox-profile", shopId, encode(profile)).toString("base64url");
}

/** Opens what `sealProfile` made. Throws AppError `sealed_unreadable`. */
export function openProfile(keys: Keys, shopId: string, sealed: string): Profile {
  return decode(keys.unwrap("inbox-profile", shopId, Buffer.from(sealed, "base64url")));
}

/**
 * Seals a profile under a key of its own, so that dropping the key shreds every copy of it, backups included.
 *
 * @returns The columns `people.profile_enc` and `people.profile_key_wrapped`.
 */
export function sealPersonProfile(
  keys: Keys,
  shopId: string,
  profile: Profile,
): { profileEnc: Buffer; profileKeyWrapped: Buffer } {
  const personKey = randomBytes(PERSON_KEY_BYTES);
  const profileEnc = seal(createSecretKey(personKey), aadOf("person-profile", shopId), NO_KEY_ID, encode(profile));
  return { profileEnc, profileKeyWrapped: keys.wrap("person-key", shopId, personKey) };
}

/** Opens what `sealPersonProfile` made. Throws AppError `sealed_unreadable`. */
export function openPersonProfile(
  keys: Keys,
  shopId: string,
  sealed: { profileEnc: Buffer; profileKeyWrapped: Buffer },
): Profile {
  const personKey = createSecretKey(keys.unwrap("person-key", shopId, sealed.profileKeyWrapped));
  return decode(openSealed(personKey, aadOf("person-profile", shopId), sealed.profileEnc));
}

function encode(profile: Profile): Buffer {
  return Buffer.from(JSON.stringify(profile));
}

function decode(plain: Buffer): Profile {
  const parsed = Profile.safeParse(JSON.parse(plain.toString("utf8")));
  if (!parsed.success) throw new AppError("sealed_unreadable");
  return parsed.data;
}
