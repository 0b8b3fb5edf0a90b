import { standingOfKeys } from "#app/data/people-of-many.repo.ts";
import { ownersOfEach, widenHistories } from "#app/data/plain-orders.repo.ts";
import { openReferralsOf } from "#app/data/referrals.repo.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { noteSignalsOfMany } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { termsOfVersion } from "#app/data/terms.repo.ts";
import { personKeysOf } from "#app/domain/event/plain-order.ts";
import { countingOrders } from "#app/domain/event/referred-order.ts";
import type { ReferredOrder } from "#app/domain/event/referred-order.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { convertByOrders, qualifyingOrderOf } from "./convert-referral.ts";
import type { QualifyingOrder } from "./convert-referral.ts";
import { keysOf } from "./identify-person.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { buyerOf, touchesOurs } from "./order-buyer.ts";
import { signalsOfOrder } from "./order-signals.ts";

type Order = ReferredOrder<InboxEvent>;
/** An order of a friend, the canonical person, whose referral waits for one. */
type Bought = { readonly order: Order; readonly personId: string };
type Converting = Bought & { readonly qualifying: QualifyingOrder };

/**
 * Works at once on the orders of a batch by which friends who signed up through links earn their rewards, as `recordOrder` would
 * one by one. An order is taken only when the open referral of its buyer has none yet and takes it; every other event is left for
 * a unit of work of its own.
 *
 * @param events of one shop, in the order in which they were received
 * @returns what becomes of the rows that were taken, by their ids
 */
export async function recordFriendsOrders(
  deps: EventDeps,
  shopId: string,
  events: readonly InboxEvent[],
): Promise<ReadonlyMap<string, EventVerdict>> {
  const shop = await deps.shops.byId(shopId);
  const orders = countingOrders(events);
  if (shop === null || orders.length < 2) return new Map();
  const converted = await retryRaces(() =>
    inShop(deps.pools, shopId, (tx) => convertAll(tx, deps, shop, { orders, events })),
  );
  if (converted.length > 0) deps.ringOutbox(shopId);
  return new Map(converted.flatMap(({ order: { event, copies } }) => [event, ...copies].map(({ id }) => [id, DONE])));
}

type Batch = { readonly orders: readonly Order[]; readonly events: readonly InboxEvent[] };

async function convertAll(tx: Tx, deps: EventDeps, shop: KnownShop, batch: Batch): Promise<readonly Converting[]> {
  const { shopId } = shop;
  const converting = await qualifyingOf(tx, shopId, await friendsOf(tx, shopId, batch));
  if (converting.length === 0) return converting;
  await remember(tx, shop, converting);
  const qualifying = converting.map((one) => one.qualifying);
  const converted = await convertByOrders(tx, { deps, shopId, shop, now: deps.clock.now() }, qualifying);
  assertWon(converted.size === converting.length, "a referral has its order, or has ended, meanwhile");
  return converting;
}

/** Asks the database whose orders these are. Left out is of whom a claim or a code of ours tells more, or another event under another name. */
async function friendsOf(tx: Tx, shopId: string, { orders, events }: Batch): Promise<Bought[]> {
  const facts = orders.map(({ event }) => event.facts);
  const isOurs = await touchesOurs(tx, shopId, facts);
  const standings = await standingOfKeys(
    tx,
    shopId,
    facts.map((one) => keysOf(buyerOf(one))),
  );
  const taken = new Set(facts.flatMap(personKeysOf));
  const others = events.map((event) => personKeysOf(event.facts)).filter((keys) => !keys.some((key) => taken.has(key)));
  const busy = new Set((await ownersOfEach(tx, shopId, others)).flat());
  const bought = orders.flatMap((order, n): Bought[] => {
    const standing = standings[n];
    if (standing?.standing !== "known" || busy.has(standing.personId) || isOurs(order.event.facts)) return [];
    return [{ order, personId: standing.personId }];
  });
  // Two names of one friend bring two orders: the first of them counts.
  return [...Map.groupBy(bought, ({ personId }) => personId).values()].filter(({ length }) => length === 1).flat();
}

/** @returns those whose referrals wait for an order, and take this one */
async function qualifyingOf(tx: Tx, shopId: string, all: readonly Bought[]): Promise<Converting[]> {
  const people = all.map(({ personId }) => personId);
  const referrals = await openReferralsOf(tx, shopId, people);
  const converting: Converting[] = [];
  for (const bought of all) {
    const referral = referrals.get(bought.personId);
    if (referral === undefined || referral.qualifyingOrder !== null) continue;
    const { facts } = bought.order.event;
    const terms = await termsOfVersion(tx, shopId, referral.termsVersion);
    const { id, friendPerson, expiresAt } = referral;
    const order = qualifyingOrderOf(facts, terms, { clickedAt: broughtAt(referral), expiresAt });
    if (order !== null) converting.push({ ...bought, qualifying: { facts, referralId: id, friendPerson, order } });
  }
  return converting;
}

/** Remembers when the friends bought, and the browser and address they bought with. */
async function remember(tx: Tx, { shopId, keyring }: KnownShop, all: readonly Converting[]): Promise<void> {
  const bought = all.map(({ personId, qualifying: { facts } }) => {
    const at = new Date(orderTime(facts));
    return { personId, firstOrderAt: at, lastOrderAt: at };
  });
  await widenHistories(tx, shopId, bought);
  const signals = all.flatMap(({ personId, qualifying: { facts } }) =>
    signalsOfOrder(facts, keyring).map((signal) => ({ ...signal, personId })),
  );
  await noteSignalsOfMany(tx, shopId, signals);
}
