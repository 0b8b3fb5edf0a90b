import type { InboxFacts } from "./inbox-facts.ts";
import type { OrderFacts } from "./order-facts.ts";
import { personKeysOf, withoutKeys } from "./plain-order.ts";

type Event = { readonly facts: InboxFacts };
type Ordered<E extends Event> = E & { readonly facts: OrderFacts };
/** An order, and the events that tell exactly the same of it. */
export type ReferredOrder<E extends Event> = { readonly event: Ordered<E>; readonly copies: readonly E[] };

/** Sources of orders that no browser made: they attribute by code alone. */
const WITHOUT_BROWSER: ReadonlySet<string> = new Set(["pos", "shopify_draft_order"]);

/** Whether no browser made an order, so that no click can have come with it. */
export function isWithoutBrowser({ sourceName }: OrderFacts): boolean {
  return sourceName !== null && WITHOUT_BROWSER.has(sourceName);
}

/**
 * The orders of a batch that carry a click and may open a referral, each with its repetitions. Left out is whose buyer another
 * event spoke of before, or speaks of in anything but this order: that takes its turn.
 */
export function referredOrders<E extends Event>(events: readonly E[]): ReferredOrder<E>[] {
  const told = events.filter(({ facts }) => personKeysOf(facts).length > 0);
  const first = new Map<string, E>();
  const tangled = new Set<string>();
  for (const event of told) {
    const keys = personKeysOf(event.facts);
    for (const key of keys) {
      const earlier = first.get(key) ?? event;
      first.set(key, earlier);
      if (!isSameOrder(earlier.facts, event.facts)) tangled.add(key);
    }
  }
  const leading = told
    .filter(mayOpen)
    .filter((event) => personKeysOf(event.facts).every((key) => first.get(key) === event));
  const copies = Map.groupBy(told, ({ facts }) => JSON.stringify(facts));
  return withoutKeys(leading, tangled).map((event) => {
    const same = copies.get(JSON.stringify(event.facts)) ?? [];
    return { event, copies: same.filter((copy) => copy !== event) };
  });
}

/** Whether two events are of one order and tell the same of its buyer. */
function isSameOrder(one: InboxFacts, other: InboxFacts): boolean {
  if (one === other) return true;
  if (one.kind !== "order" || other.kind !== "order" || one.orderId !== other.orderId) return false;
  return personKeysOf(one).join(" ") === personKeysOf(other).join(" ");
}

/** A customer's real order, that counts as it stands, made in a browser that carried a click. */
function mayOpen<E extends Event>(event: E): event is Ordered<E> {
  const { facts } = event;
  if (facts.kind !== "order" || facts.test || facts.renewal || facts.cancelledAt !== null) return false;
  if (isWithoutBrowser(facts) || (facts.person?.customerHash ?? null) === null) return false;
  return facts.tokens.cartAttribute.length > 0 || facts.tokens.landingSite.length > 0;
}
