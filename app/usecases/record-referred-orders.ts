import { historyOfEach } from "#app/data/people-of-many.repo.ts";
import { addNewBuyers, ownersOfEach, standingOfBuyers, widenHistories } from "#app/data/plain-orders.repo.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { noteSignalsOfMany } from "#app/data/signals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { chooseClick } from "#app/domain/attribution/choose-click.ts";
import { personKeysOf } from "#app/domain/event/plain-order.ts";
import { referredOrders } from "#app/domain/event/referred-order.ts";
import type { ReferredOrder } from "#app/domain/event/referred-order.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { keysOf } from "./identify-person.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { openByOrders } from "./open-by-orders.ts";
import type { WeighedOrder } from "./open-by-orders.ts";
import { buyerOf, touchesOurs } from "./order-buyer.ts";
import { signalsOfOrder } from "./order-signals.ts";
import { evidenceOfEach } from "./weigh-clicks.ts";
import { tokensOf } from "./weigh-order.ts";

type Order = ReferredOrder<InboxEvent>;
/** An order of a person who is in no referral as a friend; `isNew`: nobody knew them before. */
type Bought = { readonly order: Order; readonly personId: string; readonly isNew: boolean };
type Won = Bought & WeighedOrder;

/**
 * Works at once on the orders of a batch that carry a click and open a referral, as `recordOrder` would one by one, in some
 * twenty statements for all of them. An order is taken only when its click wins and nothing else is to be weighed; every other
 * event is left for a unit of work of its own.
 *
 * @param events of one shop, in the order in which they were received
 * @returns what becomes of the rows that were taken, by their ids
 */
export async function recordReferredOrders(
  deps: EventDeps,
  shopId: string,
  events: readonly InboxEvent[],
): Promise<ReadonlyMap<string, EventVerdict>> {
  const shop = await deps.shops.byId(shopId);
  const orders = referredOrders(events);
  if (shop === null || orders.length < 2) return new Map();
  const opened = await retryRaces(() =>
    inShop(deps.pools, shopId, (tx) => openAll(tx, deps, shop, { orders, events })),
  );
  if (opened.length > 0) deps.ringOutbox(shopId);
  return new Map(opened.flatMap(({ order: { event, copies } }) => [event, ...copies].map(({ id }) => [id, DONE])));
}

type Batch = { readonly orders: readonly Order[]; readonly events: readonly InboxEvent[] };

async function openAll(tx: Tx, deps: EventDeps, shop: KnownShop, batch: Batch): Promise<readonly Won[]> {
  const { shopId } = shop;
  const now = deps.clock.now();
  const won = await weigh(tx, deps, shopId, await buyersOf(tx, shopId, batch));
  if (won.length === 0) return won;
  await remember(tx, shop, won, now);
  const opened = await openByOrders(tx, { deps, shopId, shop, now }, won);
  assertWon(opened.size === won.length, "a friend has a referral meanwhile, or a link was retired");
  return won;
}

/**
 * Asks the database who buys. Left out is who is or was a friend already, of whom a pixel, a claim or a code of ours tells
 * more, or of whom another event of the batch speaks under another name.
 */
async function buyersOf(tx: Tx, shopId: string, { orders, events }: Batch): Promise<Bought[]> {
  const facts = orders.map(({ event }) => event.facts);
  const isOurs = await touchesOurs(tx, shopId, facts);
  const standings = await standingOfBuyers(tx, shopId, facts.map(buyerOf));
  const taken = new Set(facts.flatMap(personKeysOf));
  const others = events.map((event) => personKeysOf(event.facts)).filter((keys) => !keys.some((key) => taken.has(key)));
  const busy = new Set((await ownersOfEach(tx, shopId, others)).flat());
  const bought = orders.flatMap((order, n): Bought[] => {
    const standing = standings[n];
    invariant(standing !== undefined, "each buyer asked about stands somehow");
    if (standing.standing === "other" || isOurs(order.event.facts)) return [];
    if (standing.standing === "unknown") return [{ order, personId: newId(), isNew: true }];
    return busy.has(standing.personId) ? [] : [{ order, personId: standing.personId, isNew: false }];
  });
  // Two names of one person bring two orders: which of them counts depends on the first.
  return [...Map.groupBy(bought, ({ personId }) => personId).values()].filter(({ length }) => length === 1).flat();
}

/** @returns those whose click wins */
async function weigh(tx: Tx, { keys }: EventDeps, shopId: string, all: readonly Bought[]): Promise<Won[]> {
  const carried = all.map(({ order }) => tokensOf(order.event.facts));
  const evidence = await evidenceOfEach(tx, { keys, shopId, carried });
  const known = all.filter(({ isNew }) => !isNew).map(({ personId }) => personId);
  const histories = await historyOfEach(tx, shopId, known);
  return all.flatMap((bought, n): Won[] => {
    const { order, personId } = bought;
    const { event } = order;
    const { facts } = event;
    const [clicks, history] = [evidence[n], histories.get(personId)];
    invariant(clicks !== undefined, "each order asked about has its clicks");
    const attribution = chooseClick({
      at: orderTime(facts),
      cartAt: facts.cartAt,
      device: facts.device,
      cartTokenHash: facts.cartTokenHash ?? null,
      friend: {
        personId,
        firstOrderAt: history?.firstOrderAt?.getTime() ?? null,
        lastOrderAt: history?.lastOrderAt?.getTime() ?? null,
        hasLiveReferral: false,
        hasRewardedReferral: false,
      },
      clicks,
    });
    return attribution.outcome === "attributed" ? [{ ...bought, event, attribution }] : [];
  });
}

/** Remembers the buyers: who they are, when they bought, and the browser and address they bought with. */
async function remember(tx: Tx, { shopId, keyring }: KnownShop, won: readonly Won[], now: Date): Promise<void> {
  const buyers = won.map(({ event: { facts }, personId, isNew }) => {
    const at = new Date(orderTime(facts));
    return { personId, isNew, keys: keysOf(buyerOf(facts)), firstOrderAt: at, lastOrderAt: at };
  });
  const newcomers = buyers.filter(({ isNew }) => isNew);
  const added = await addNewBuyers(tx, shopId, newcomers, now);
  assertWon(added === newcomers.flatMap(({ keys }) => keys).length, "a buyer's key was taken meanwhile");
  await widenHistories(
    tx,
    shopId,
    buyers.filter(({ isNew }) => !isNew),
  );
  const signals = won.flatMap(({ event: { facts }, personId }) =>
    signalsOfOrder(facts, keyring).map((signal) => ({ ...signal, personId })),
  );
  await noteSignalsOfMany(tx, shopId, signals);
}
