import { keepProfiles, readProfiles } from "#app/data/people-of-many.repo.ts";
import type { SealedProfile } from "#app/data/people.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openPersonProfile, openProfile, sealPersonProfile } from "#app/platform/sealed-profile.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";

const NOTHING_KNOWN: Profile = { customerId: null, firstName: null, email: null, phone: null, locale: null };

/** @returns what is kept of a person in a referral, opened; all fields null where nothing is. */
export async function profileOf(tx: Tx, args: { keys: Keys; shopId: string; personId: string }): Promise<Profile> {
  const { keys, shopId, personId } = args;
  const sealed = await readProfiles(tx, shopId, [personId]);
  return opened(keys, shopId, sealed.get(personId));
}

/** As `profileOf`, of many people. @returns the profile of each of them */
export async function profilesOf(
  tx: Tx,
  args: { keys: Keys; shopId: string; personIds: readonly string[] },
): Promise<ReadonlyMap<string, Profile>> {
  const { keys, shopId, personIds } = args;
  const sealed = await readProfiles(tx, shopId, personIds);
  return new Map(personIds.map((personId) => [personId, opened(keys, shopId, sealed.get(personId))]));
}

function opened(keys: Keys, shopId: string, sealed: SealedProfile | undefined): Profile {
  return sealed === undefined ? NOTHING_KNOWN : openPersonProfile(keys, shopId, sealed);
}

/** Adds what was learned to the profile of somebody who takes part in a referral; a null never replaces what is known. */
export async function learnProfile(
  tx: Tx,
  args: { keys: Keys; shopId: string; personId: string; learned: Partial<Profile> },
): Promise<void> {
  const { keys, shopId, personId, learned } = args;
  await learnProfiles(tx, { keys, shopId, learned: new Map([[personId, learned]]) });
}

/** As `learnProfile`, of many people. */
export async function learnProfiles(
  tx: Tx,
  args: { keys: Keys; shopId: string; learned: ReadonlyMap<string, Partial<Profile>> },
): Promise<void> {
  const { keys, shopId, learned } = args;
  if (learned.size === 0) return;
  const known = await readProfiles(tx, shopId, [...learned.keys()]);
  const news = new Map<string, SealedProfile>();
  for (const [personId, told] of learned) {
    const before = opened(keys, shopId, known.get(personId));
    if (isNews(before, told)) news.set(personId, sealPersonProfile(keys, shopId, joined(before, told)));
  }
  await keepProfiles(tx, shopId, news);
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
