import type { Pools } from "#app/data/pools.ts";
import { referralsById } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import type { KnownShop, ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { notedAmong, noteSignalsOfMany } from "#app/data/signals.repo.ts";
import type { PersonSignal, Signal } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { isExistingCustomer } from "#app/domain/attribution/existing-customer.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import type { OrderEvidence } from "#app/domain/screen/facts.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import type { Clock } from "#app/platform/clock.ts";
import { invariant } from "#app/platform/errors.ts";
import { isUuid } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { Profile } from "#app/platform/sealed-profile.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import { isNews, learnProfiles, profilesOf } from "./learn-profile.ts";
import type { OutboxWork, ShopifyAdmin } from "./ports.ts";
import type { EvidenceAsked, ShopifyEvidence } from "./evidence-port.ts";
import { cardSignals, profileOfCustomer, riskOf } from "./read-evidence.ts";
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
  const loaded = await loadOpenWorks(deps, work.shopId, [work]);
  return loaded.get(referralIdOf(work) ?? "") ?? null;
}

/** Loads what rows of one shop are about, by referral; one with nothing (any more) to do is left out. */
export async function loadOpenWorks(
  deps: ReferralWorkDeps,
  shopId: string,
  works: readonly OutboxWork[],
): Promise<ReadonlyMap<string, OpenWork>> {
  const ids = works.map(referralIdOf).filter((id) => id !== null);
  const shop = await deps.shops.byId(shopId);
  if (shop === null || ids.length === 0) return new Map();
  return inShop(deps.pools, shopId, async (tx) => {
    const open = (await referralsById(tx, shopId, ids)).filter(isOpenWithOrder);
    const personIds = [...new Set(open.flatMap(({ friendPerson, referrerPerson }) => [friendPerson, referrerPerson]))];
    const profiles = await profilesOf(tx, { keys: deps.keys, shopId, personIds });
    const terms = new Map<number, Terms>();
    for (const version of new Set(open.map(({ termsVersion }) => termsVersion)))
      terms.set(version, await termsOfVersion(tx, shopId, version));
    return new Map(open.map((referral) => [referral.id, openWork(shop, referral, { profiles, terms })]));
  });
}

function isOpenWithOrder(referral: ReferralRow): referral is OpenWork["referral"] {
  return settlementOf(referral.state) === "OPEN" && referral.qualifyingOrder !== null;
}

function openWork(
  shop: KnownShop,
  referral: OpenWork["referral"],
  read: { profiles: ReadonlyMap<string, Profile>; terms: ReadonlyMap<number, Terms> },
): OpenWork {
  const friend = read.profiles.get(referral.friendPerson);
  const referrer = read.profiles.get(referral.referrerPerson);
  const terms = read.terms.get(referral.termsVersion);
  invariant(friend && referrer && terms, "both people and the terms of every referral were read");
  return {
    shop,
    referral,
    terms,
    profiles: { friend, referrer },
    friendCustomerId: friend.customerId ?? null,
    referrerCustomerId: referrer.customerId ?? null,
    friendEmail: friend.email,
    referrerEmail: referrer.email,
  };
}

/** Which order and customers Shopify is asked about. */
export function askedOf({ referral, friendCustomerId, referrerCustomerId }: OpenWork): EvidenceAsked {
  return { orderId: referral.qualifyingOrder, friendCustomerId, referrerCustomerId };
}

/** Work on a referral, and what Shopify says about it. */
export type WorkWithEvidence = { readonly work: OpenWork; readonly evidence: ShopifyEvidence };

/**
 * Keeps what Shopify said about referrals of one shop: card fingerprints to compare, and names and addresses (sealed) for the
 * notes.
 */
export async function keepLearned(
  tx: Tx,
  keys: Keys,
  shop: KnownShop,
  all: readonly WorkWithEvidence[],
): Promise<void> {
  const { shopId, keyring } = shop;
  const signals = all.flatMap((one) => cardsSeen(keyring, one));
  await noteSignalsOfMany(tx, shopId, signals);
  const learned = new Map<string, Partial<Profile>>();
  for (const { work, evidence } of all) {
    const { friend, referrer } = work.profiles;
    for (const [personId, known, told] of [
      [work.referral.friendPerson, friend, profileOfCustomer(evidence.friend)],
      [work.referral.referrerPerson, referrer, profileOfCustomer(evidence.referrer)],
    ] as const)
      if (isNews(known, told)) learned.set(personId, told);
  }
  await learnProfiles(tx, { keys, shopId, learned });
}

/**
 * Those before the first whose people turn out to share a card with others of them: what is learned of one is to be known when
 * the next is judged, and not before.
 */
export async function strangersFirst(
  tx: Tx,
  { shopId, keyring }: KnownShop,
  all: readonly WorkWithEvidence[],
): Promise<readonly WorkWithEvidence[]> {
  const cards = all.map((one) => cardsSeen(keyring, one));
  const noted = new Set((await notedAmong(tx, shopId, cards.flat())).map(nameOf));
  const holders = new Map<string, string>();
  const isNewlyShared = (card: PersonSignal): boolean => {
    const holder = holders.get(card.hash) ?? card.personId;
    holders.set(card.hash, holder);
    return holder !== card.personId && !noted.has(nameOf(card));
  };
  const shared = cards.findIndex((ofOne) => ofOne.some(isNewlyShared));
  return shared === -1 ? all : all.slice(0, shared);
}

function nameOf({ hash, personId }: PersonSignal): string {
  return `${hash} ${personId}`;
}

function cardsSeen(keyring: ShopKeyring, { work: { referral }, evidence }: WorkWithEvidence): PersonSignal[] {
  return [
    ...seenWith(referral.friendPerson, cardSignals(keyring, [evidence.order?.card ?? null])),
    ...seenWith(referral.referrerPerson, cardSignals(keyring, evidence.referrerBoughtWith.cards)),
  ];
}

function seenWith(personId: string, signals: readonly Signal[]): PersonSignal[] {
  return signals.map((signal) => ({ ...signal, personId }));
}

/** What an order tells the screen over and above the traces of its people. */
export function orderEvidenceOf(
  work: OpenWork,
  referral: ReferralRow,
  evidence: ShopifyEvidence | null,
): OrderEvidence {
  return {
    agentIsBot: referral.orderSnapshot?.["agentIsBot"] === true,
    riskRecommendation: riskOf(evidence?.order ?? null),
    boughtBefore: evidence === null ? null : shopifySaysBoughtBefore(work, evidence),
    evidenceMissing: false,
  };
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
function shopifySaysBoughtBefore(work: OpenWork, evidence: ShopifyEvidence): boolean | null {
  const firstOrderAt = evidence.friend?.firstOrderAt?.getTime() ?? null;
  const { newCustomerDays } = work.terms;
  if (firstOrderAt === null || newCustomerDays !== null) return null;
  const before = broughtAt(work.referral);
  return isExistingCustomer({ history: { firstOrderAt, lastOrderAt: null }, before, newCustomerDays });
}
