import { keepProfile, readProfile } from "#app/data/people.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openPersonProfile, openProfile, sealPersonProfile } from "#app/platform/sealed-profile.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";

const NOTHING_KNOWN: Profile = { customerId: null, firstName: null, email: null, phone: null, locale: null };

/** @returns what is kept of a person in a referral, opened; all fields null where nothing is. */
export async function profileOf(tx: Tx, args: { keys: Keys; shopId: string; personId: string }): Promise<Profile> {
  const sealed = await readProfile(tx, args.shopId, args.personId);
  return sealed === null ? NOTHING_KNOWN : openPersonProfile(args.keys, args.shopId, sealed);
}

/** Adds what was learned to the profile of somebody who takes part in a referral; a null never replaces what is known. */
export async function learnProfile(
  tx: Tx,
  args: { keys: Keys; shopId: string; personId: string; learned: Partial<Profile> },
): Promise<void> {
  const known = await profileOf(tx, args);
  if (!isNews(known, args.learned)) return;
  await keepProfile(
    tx,
    args.shopId,
    args.personId,
    sealPersonProfile(args.keys, args.shopId, joined(known, args.learned)),
  );
}

/** Whether something was learned that is not known. */
export function isNews(known: Profile, learned: Partial<Profile>): boolean {
  return JSON.stringify(joined(known, learned)) !== JSON.stringify(joined(known, {}));
}

function joined(known: Profile, learned: Partial<Profile>): Profile {
  return {
    customerId: learned.customerId ?? known.customerId ?? null,
    firstName: learned.firstName ?? known.firstName,
    email: learned.email ?? known.email,
    phone: learned.phone ?? known.phone,
    locale: learned.locale ?? known.locale,
  };
}

/** What a delivery brought about a customer: the sealed profile, opened, with the id that leads back to Shopify. */
export function profileOfFacts(
  keys: Keys,
  shopId: string,
  facts: { readonly customerId: string | null; readonly profileSealed: string | null },
): Partial<Profile> {
  const opened = facts.profileSealed === null ? {} : openProfile(keys, shopId, facts.profileSealed);
  return { ...opened, ...(facts.customerId === null ? {} : { customerId: facts.customerId }) };
}
