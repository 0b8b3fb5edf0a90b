import * as people from "#app/data/people.repo.ts";
import type { KeyOwner, PersonKey, PersonKeyKind } from "#app/data/people.repo.ts";
import { assertWon } from "#app/data/retry.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { mergePeople } from "./merge-people.ts";

/** Keyed hashes (hex) of what a customer is known by; any of them may be unknown. */
export type PersonHashes = {
  readonly customerHash: string | null;
  readonly emailHash: string | null;
  readonly phoneHash: string | null;
};

/** A key that this many customers of a shop share (the till's e-mail address) stops identifying. */
const CUSTOMERS_PER_KEY_MAX = 5;

/**
 * Finds the person behind a set of keys, or makes one. Customer id and e-mail identify, and merge two people who turn
 * out to be one; a phone number identifies only somebody of whom nothing stronger is known.
 *
 * @returns the canonical person's id, or null when no key was given. Throws RaceLost: run the transaction again.
 */
export async function identifyPerson(
  tx: Tx,
  args: { shopId: string; hashes: PersonHashes; now: Date },
): Promise<string | null> {
  const keys = keysOf(args.hashes);
  if (keys.length === 0) return null;
  const owners = await people.ownersOfKeys(tx, args.shopId, keys);
  const customer = ownerBy(owners, "customer");
  const email = await withoutCrowd(tx, args, ownerBy(owners, "email"), customer);
  const phone = ownerBy(owners, "phone");

  const known = customer ?? email.owner ?? (args.hashes.emailHash === null ? phone : null);
  const personId = known?.personId ?? (await makePerson(tx, args));
  const canonical =
    customer !== null && email.owner !== null && customer.personId !== email.owner.personId
      ? await mergePeople(tx, { shopId: args.shopId, people: [customer.personId, email.owner.personId], now: args.now })
      : personId;

  const unowned = keys.filter((key) => !owners.some((owner) => owner.kind === key.kind) && key.kind !== email.crowded);
  const added = await people.addIdentifyingKeys(tx, args.shopId, canonical, unowned);
  assertWon(added === unowned.length, "a person's key was taken meanwhile");
  for (const key of keys) {
    const isAnothers =
      key.kind === email.crowded || (key.kind === "phone" && phone !== null && phone.personId !== canonical);
    if (isAnothers) await people.addWeakKey(tx, args.shopId, canonical, key);
  }
  return canonical;
}

/** @returns the keys that a person is known by, as far as they are told */
export function keysOf(hashes: PersonHashes): PersonKey[] {
  const given: readonly [PersonKeyKind, string | null][] = [
    ["customer", hashes.customerHash],
    ["email", hashes.emailHash],
    ["phone", hashes.phoneHash],
  ];
  return given.flatMap(([kind, hash]) => (hash === null ? [] : [{ kind, hash }]));
}

function ownerBy(owners: readonly KeyOwner[], kind: PersonKeyKind): KeyOwner | null {
  return owners.find((owner) => owner.kind === kind) ?? null;
}

/** An e-mail address that leads to a person with many customers already is the shop's own, not theirs. */
async function withoutCrowd(
  tx: Tx,
  args: { shopId: string; hashes: PersonHashes },
  email: KeyOwner | null,
  customer: KeyOwner | null,
): Promise<{ owner: KeyOwner | null; crowded: "email" | null }> {
  const { shopId, hashes } = args;
  if (email === null) {
    const isCrowded = hashes.emailHash !== null && (await people.isCrowdedEmail(tx, shopId, hashes.emailHash));
    return { owner: null, crowded: isCrowded ? "email" : null };
  }
  if (email.customerKeys < CUSTOMERS_PER_KEY_MAX || email.personId === customer?.personId)
    return { owner: email, crowded: null };
  await people.stopIdentifying(tx, shopId, email);
  return { owner: null, crowded: "email" };
}

async function makePerson(tx: Tx, args: { shopId: string; now: Date }): Promise<string> {
  const personId = newId();
  await people.insertPerson(tx, args.shopId, personId, args.now);
  return personId;
}
