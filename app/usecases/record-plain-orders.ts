import { addNewBuyers, ownersOfEach, standingOfBuyers, widenHistories } from "#app/data/plain-orders.repo.ts";
import type { BuyerStanding } from "#app/data/plain-orders.repo.ts";
import type { PersonKey } from "#app/data/people.repo.ts";
import { noteSignalsOfMany } from "#app/data/signals.repo.ts";
import { assertWon, retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { keysSharedInPart, signatureOf } from "#app/domain/event/batch.ts";
import { personKeysOf, untangledOrders, withoutKeys } from "#app/domain/event/plain-order.ts";
import { orderTime } from "#app/domain/referral/conversion.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import { verdictWithoutEvidence } from "./await-evidence.ts";
import type { EventDeps, EventVerdict, InboxEvent } from "./inbox-event.ts";
import { keysOf } from "./identify-person.ts";
import { signalsOfOrder } from "./order-signals.ts";
import { buyerOf, touchesOurs } from "./order-buyer.ts";

type Order = InboxEvent<OrderFacts>;
/** `others`: what is left to units of work of their own. */
type Batch = { readonly orders: readonly Order[]; readonly others: readonly InboxEvent[] };
/** Orders of one buyer, in the order in which they came. */
type Purchases = {
  readonly personId: string;
  readonly isNew: boolean;
  readonly firstOrderAt: number | null;
  /** Those of the first order; a newcomer's orders all tell the same. */
  readonly keys: readonly PersonKey[];
  readonly orders: Order[];
};

/**
 * Works at once on the many orders of a batch that concern no referral at all: remembers their buyers as `recordOrder`
 * would one by one, in a handful of statements for all of them. An order is taken only when nothing about it needs a
 * closer look; every other event is left for a unit of work of its own.
 *
 * @param events of one shop, in the order in which they were received
 * @returns what becomes of the rows that were taken, by their ids
 */
export async function recordPlainOrders(
  deps: Pick<EventDeps, "pools" | "clock" | "shops">,
  shopId: string,
  events: readonly InboxEvent[],
): Promise<ReadonlyMap<string, EventVerdict>> {
  const work = untangledOrders(events).length === 0 ? null : await plainOrdersOf(deps, shopId);
  if (work === null) return new Map();
  return retryRaces(() => inShop(deps.pools, shopId, (tx) => work(tx, events)));
}

/** As `recordPlainOrders`, in a transaction of the caller's that is run again when it loses a race. @returns null for a shop that is not known */
export async function plainOrdersOf(
  { shops, clock }: Pick<EventDeps, "clock" | "shops">,
  shopId: string,
): Promise<((tx: Tx, events: readonly InboxEvent[]) => Promise<ReadonlyMap<string, EventVerdict>>) | null> {
  const shop = await shops.byId(shopId);
  if (shop === null) return null;
  return async (tx, events) => {
    const orders = untangledOrders(events);
    if (orders.length === 0) return new Map();
    const now = clock.now();
    const ids = new Set(orders.map(({ id }) => id));
    const others = events.filter(({ id }) => !ids.has(id));
    const purchases = await remember(tx, shopId, { orders, others, keyring: shop.keyring, now });
    return new Map(purchases.flatMap((one) => verdictsOn(one, now)));
  };
}

async function remember(
  tx: Tx,
  shopId: string,
  batch: Batch & { readonly keyring: ShopKeyring; readonly now: Date },
): Promise<Purchases[]> {
  const purchases = byBuyer(await plainOf(tx, shopId, batch));
  const newcomers = purchases.filter(({ isNew }) => isNew).map((one) => ({ ...one, ...spanOf(one) }));
  const known = purchases.filter(({ isNew }) => !isNew).map((one) => ({ personId: one.personId, ...spanOf(one) }));
  const signals = purchases.flatMap(({ personId, orders }) =>
    orders.flatMap(({ facts }) => signalsOfOrder(facts, batch.keyring).map((signal) => ({ ...signal, personId }))),
  );
  // One after the other, but sent together.
  const [added] = await Promise.all([
    addNewBuyers(tx, shopId, newcomers, batch.now),
    widenHistories(tx, shopId, known),
    noteSignalsOfMany(tx, shopId, signals),
  ]);
  assertWon(added === newcomers.flatMap(({ keys }) => keys).length, "a buyer's key was taken meanwhile");
  return purchases;
}

type Standing = { readonly order: Order; readonly standing: Exclude<BuyerStanding, { standing: "other" }> };

/**
 * Asks the database which orders concern no referral. One that may leaves every order behind that shares a key or a person
 * with it: somebody may be known under more names than one order tells.
 */
async function plainOf(tx: Tx, shopId: string, batch: Batch): Promise<Standing[]> {
  const { orders, others } = batch;
  const facts = orders.map(factsOf);
  const [isOurs, answers, owners] = await Promise.all([
    touchesOurs(tx, shopId, facts),
    standingOfBuyers(tx, shopId, facts.map(buyerOf)),
    ownersOfEach(
      tx,
      shopId,
      others.map((event) => personKeysOf(event.facts)),
    ),
  ]);
  const standings = new Map(
    orders.map((order, n) => {
      const standing = answers[n];
      invariant(standing !== undefined, "each buyer asked about stands somehow");
      return [order, standing];
    }),
  );
  const known = new Map<Order, Standing>();
  for (const [order, standing] of standings) {
    if (standing.standing !== "other" && !isOurs(order.facts)) known.set(order, { order, standing });
  }
  const namesOf = (order: Order): string[] => [...personKeysOf(order.facts), ...peopleOf(standings.get(order))];
  const left = orders.filter((order) => !known.has(order)).flatMap(namesOf);
  const unknown = orders.filter((order) => known.get(order)?.standing.standing === "unknown");
  const ordersOf = Map.groupBy(orders, (order) => peopleOf(standings.get(order))[0]);
  const buysOnce = (personId: string): boolean =>
    new Set(ordersOf.get(personId)?.map(({ facts }) => facts.orderId)).size < 2;
  const people = peopleBusyWith(others, owners, buysOnce);
  const busy = new Set([...left, ...keysSharedInPart(unknown), ...people]);
  const plain = new Set(withoutKeys([...known.keys()], busy, namesOf));
  return [...known.values()].filter(({ order }) => plain.has(order));
}

function peopleOf(standing: BuyerStanding | undefined): readonly string[] {
  if (standing?.standing === "known") return [standing.personId];
  return standing?.standing === "other" ? standing.owners : [];
}

/**
 * Whom the other events of the batch are about. As for keys, a customer's own event changes nothing unless it makes two
 * people one, or its person has two orders here.
 *
 * @param owners the people whom the keys of each event lead to
 */
function peopleBusyWith(
  others: readonly InboxEvent[],
  owners: readonly (readonly string[])[],
  buysOnce: (personId: string) => boolean,
): string[] {
  return others.flatMap(({ facts }, n) => {
    const people = owners[n];
    invariant(people !== undefined, "each event asked about has its people");
    const [person] = people;
    const isHarmless = people.length < 2 && (person === undefined || buysOnce(person));
    return facts.kind === "customer" && isHarmless ? [] : [...people];
  });
}

function factsOf({ facts }: Order): OrderFacts {
  return facts;
}

/** Gathers the orders of each buyer. */
function byBuyer(orders: readonly Standing[]): Purchases[] {
  const purchases = new Map<string, Purchases>();
  for (const { order, standing } of orders) {
    const isNew = standing.standing === "unknown";
    const key = isNew ? signatureOf(order.facts) : standing.personId;
    const known = purchases.get(key);
    const first = { isNew, keys: keysOf(buyerOf(order.facts)), orders: [order] };
    if (known !== undefined) known.orders.push(order);
    else if (isNew) purchases.set(key, { ...first, personId: newId(), firstOrderAt: null });
    else {
      const { personId, firstOrderAt } = standing;
      purchases.set(key, { ...first, personId, firstOrderAt: firstOrderAt?.getTime() ?? null });
    }
  }
  return [...purchases.values()];
}

function spanOf({ orders }: Purchases): { firstOrderAt: Date; lastOrderAt: Date } {
  const times = orders.map(({ facts }) => orderTime(facts));
  return { firstOrderAt: new Date(Math.min(...times)), lastOrderAt: new Date(Math.max(...times)) };
}

/** Each order is judged by what was known before it, as if they had been worked on one by one. */
function verdictsOn({ firstOrderAt, orders }: Purchases, now: Date): [string, EventVerdict][] {
  let first = firstOrderAt;
  return orders.map((order) => {
    const verdict = verdictWithoutEvidence(order, { firstOrderAt: first, hasRewardedReferral: false }, now);
    first = Math.min(first ?? Infinity, orderTime(order.facts));
    return [order.id, verdict];
  });
}
