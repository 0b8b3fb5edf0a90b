import type { Pools } from "#app/data/pools.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { noteSignals } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { isExistingCustomer } from "#app/domain/attribution/existing-customer.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import { isUuid } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import { isNews, learnProfile, profileOf } from "./learn-profile.ts";
import type { OutboxWork, ShopifyAdmin } from "./ports.ts";
import { cardSignals, profileOfCustomer } from "./read-evidence.ts";
import type { ShopifyEvidence } from "./read-evidence.ts";
import type { SeenParties } from "./gather-facts.ts";

/** What the work on an open referral needs. */
export type ReferralWorkDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly shops: ShopDirectory;
  readonly admin: ShopifyAdmin;
  readonly ringOutbox: (shopId: string) => void;
};

/** An open referral with an order, and whom to ask Shopify about. */
export type OpenWork = {
  readonly shop: KnownShop;
  readonly referral: ReferralRow & { readonly qualifyingOrder: string };
  readonly terms: Terms;
  /** What was kept of both people when the work was loaded. */
  readonly profiles: { readonly friend: Profile; readonly referrer: Profile };
  readonly friendCustomerId: string | null;
  readonly referrerCustomerId: string | null;
  /** As their profiles have them. */
  readonly friendEmail: string | null;
  readonly referrerEmail: string | null;
};

/** @returns the id of the referral that a row of the outbox names, or null when it names none */
export function referralIdOf(work: OutboxWork): string | null {
  const id = work.payload["referralId"];
  return typeof id === "string" && isUuid(id) ? id : null;
}

/** Loads what a row's work is about; null when there is nothing (any more) to do. */
export async function loadOpenWork(deps: ReferralWorkDeps, work: OutboxWork): Promise<OpenWork | null> {
  const { shopId } = work;
  const referralId = referralIdOf(work);
  const shop = await deps.shops.byId(shopId);
  if (referralId === null || shop === null) return null;
  return inShop(deps.pools, shopId, async (tx) => {
    const referral = await referralById(tx, shopId, referralId);
    if (referral === null || settlementOf(referral.state) !== "OPEN" || referral.qualifyingOrder === null) return null;
    const { qualifyingOrder } = referral;
    const [friend, referrer] = [
      await profileOf(tx, { keys: deps.keys, shopId, personId: referral.friendPerson }),
      await profileOf(tx, { keys: deps.keys, shopId, personId: referral.referrerPerson }),
    ];
    return {
      shop,
      referral: { ...referral, qualifyingOrder },
      terms: await termsOfVersion(tx, shopId, referral.termsVersion),
      profiles: { friend, referrer },
      friendCustomerId: friend.customerId ?? null,
      referrerCustomerId: referrer.customerId ?? null,
      friendEmail: friend.email,
      referrerEmail: referrer.email,
    };
  });
}

/** Keeps what Shopify said: card fingerprints to compare, and names and addresses (sealed) for the notes. */
export async function keepLearned(tx: Tx, keys: Keys, work: OpenWork, evidence: ShopifyEvidence): Promise<void> {
  const { shop, referral } = work;
  const { shopId, keyring } = shop;
  await noteSignals(tx, {
    shopId,
    personId: referral.friendPerson,
    signals: cardSignals(keyring, [evidence.order?.card ?? null]),
  });
  await noteSignals(tx, {
    shopId,
    personId: referral.referrerPerson,
    signals: cardSignals(keyring, evidence.referrerBoughtWith.cards),
  });
  const { friend, referrer } = work.profiles;
  for (const [personId, known, learned] of [
    [referral.friendPerson, friend, profileOfCustomer(evidence.friend)],
    [referral.referrerPerson, referrer, profileOfCustomer(evidence.referrer)],
  ] as const)
    if (isNews(known, learned)) await learnProfile(tx, { keys, shopId, personId, learned });
}

/** What is shown of both people in clear; without Shopify's answer only what their profiles keep. */
export function seenOf(work: OpenWork, evidence: ShopifyEvidence | null): SeenParties {
  const emails = (...known: (string | null | undefined)[]): string[] =>
    known.filter((email) => typeof email === "string");
  const { order, friend, referrer } = evidence ?? { order: null, friend: null, referrer: null };
  return {
    friend: {
      emails: emails(order?.email, friend?.email, work.friendEmail),
      addresses: order?.shippingAddress == null ? [] : [order.shippingAddress],
    },
    referrer: {
      emails: emails(referrer?.email, work.referrerEmail),
      addresses: evidence?.referrerBoughtWith.addresses ?? [],
    },
  };
}

/**
 * Whether Shopify knows that the friend bought before the click. It tells the first order alone: where only those of the
 * last days count, nothing follows from it.
 */
export function shopifySaysBoughtBefore(work: OpenWork, evidence: ShopifyEvidence): boolean | null {
  const firstOrderAt = evidence.friend?.firstOrderAt?.getTime() ?? null;
  const { newCustomerDays } = work.terms;
  if (firstOrderAt === null || newCustomerDays !== null) return null;
  const before = broughtAt(work.referral);
  return isExistingCustomer({ history: { firstOrderAt, lastOrderAt: null }, before, newCustomerDays });
}
