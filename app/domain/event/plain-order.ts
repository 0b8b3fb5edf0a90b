import type { InboxFacts } from "./inbox-facts.ts";
import type { OrderFacts } from "./order-facts.ts";

/**
 * Whether an order tells of no link by itself: a real order of a customer, not cancelled, that carries no click. Most
 * orders of a shop are such; whether their buyer is in a referral is for the database to say.
 */
export function isPlainOrder(facts: InboxFacts): facts is OrderFacts {
  if (facts.kind !== "order" || facts.test || facts.cancelledAt !== null) return false;
  const { cartAttribute, landingSite } = facts.tokens;
  return (facts.person?.customerHash ?? null) !== null && cartAttribute.length === 0 && landingSite.length === 0;
}

type Event = { readonly facts: InboxFacts };

/**
 * The plain orders of a batch whose buyers nothing else of the batch speaks of. What shares a key with an event that needs
 * a closer look is left to be worked on after it, in its turn. A customer's own event changes nothing that an order reads,
 * unless it ties the order's buyer to a key that the order does not tell, since then two people may turn out to be one; or
 * the buyer has two orders here, since it makes the first look again when it knows of the second.
 */
export function untangledOrders<E extends Event>(events: readonly E[]): (E & { readonly facts: OrderFacts })[] {
  const orders = events.filter(hasPlainOrder);
  const ordersByKey = new Map<string, OrderFacts[]>();
  for (const { facts } of orders)
    for (const key of personKeysOf(facts)) ordersByKey.set(key, [...(ordersByKey.get(key) ?? []), facts]);
  const isHarmless = (keys: readonly string[]): boolean => {
    const met = keys.flatMap((key) => ordersByKey.get(key) ?? []);
    const isOneOrder = new Set(met.map(({ orderId }) => orderId)).size < 2;
    return isOneOrder && met.every((order) => isTold(keys, new Set(personKeysOf(order))));
  };
  const others = events
    .filter(({ facts }) => !isPlainOrder(facts))
    .map(({ facts }) => ({ facts, keys: personKeysOf(facts) }));
  const tangling = others.filter(({ facts, keys }) => facts.kind !== "customer" || !isHarmless(keys));
  return withoutKeys(orders, new Set(tangling.flatMap(({ keys }) => keys)));
}

function isTold(keys: readonly string[], told: ReadonlySet<string>): boolean {
  return keys.every((key) => told.has(key));
}

/**
 * The orders that share no key with what is taken, nor with an order that does.
 * @param keysOf what an order is known by: the keys of its buyer unless told otherwise
 */
export function withoutKeys<E extends Event>(
  orders: readonly E[],
  taken: ReadonlySet<string>,
  keysOf: (order: E) => readonly string[] = ({ facts }) => personKeysOf(facts),
): E[] {
  const all = new Set(taken);
  let kept = [...orders];
  for (;;) {
    const left = Map.groupBy(kept, (order) => keysOf(order).some((key) => all.has(key)));
    const tangled = left.get(true) ?? [];
    if (tangled.length === 0) return kept;
    // An order that has to wait makes the others of its buyer wait.
    for (const order of tangled) for (const key of keysOf(order)) all.add(key);
    kept = left.get(false) ?? [];
  }
}

function hasPlainOrder<E extends Event>(event: E): event is E & { readonly facts: OrderFacts } {
  return isPlainOrder(event.facts);
}

/** Every keyed hash of a person that an event speaks of. */
export function personKeysOf(facts: InboxFacts): string[] {
  switch (facts.kind) {
    case "order":
    case "customer":
    case "bind":
    case "redact":
    case "data_request":
      return [facts.person?.customerHash, facts.person?.emailHash, facts.person?.phoneHash].filter(
        (key) => typeof key === "string",
      );
    case "merge":
      return [facts.keptHash, facts.deletedHash];
    case "customer_deleted":
      return [facts.customerHash];
    // A pixel is found by its checkout; the others speak of an order or of the shop.
    case "pixel":
    case "refund":
    case "dispute":
    case "order_edited":
    case "order_deleted":
    case "order_risk":
    case "discount_removed":
    case "shop":
    case "scopes":
    case "uninstalled":
    case "shop_redact":
      return [];
  }
}
