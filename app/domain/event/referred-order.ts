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
  return leadingOrders(events, mayOpen);
}

/** As `referredOrders`, of the orders that count as they stand and may be the first of a friend who signed up through a link. */
export function countingOrders<E extends Event>(events: readonly E[]): ReferredOrder<E>[] {
  return leadingOrders(events, counts);
}

function leadingOrders<E extends Event>(
  events: readonly E[],
  isWanted: (facts: OrderFacts) => boolean,
): ReferredOrder<E>[] {
  const told = events.filter(({ facts }) => personKeysOf(facts).length > 0);
  const first = new Map<string, E>();
  const tangled = new Set<string>();
  for (const event of told) {
    for (const key of personKeysOf(event.facts)) {
      const earlier = first.get(key) ?? event;
      first.set(key, earlier);
      if (!isSameOrder(earlier.facts, event.facts)) tangled.add(key);
    }
  }
  const leading = told
    .filter(isOrder)
    .filter((event) => isWanted(event.facts) && personKeysOf(event.facts).every((key) => first.get(key) === event));
  const copies = Map.groupBy(told, ({ facts }) => contentOf(facts));
  return withoutKeys(leading, tangled).map((event) => {
    const same = new Set(copies.get(contentOf(event.facts)));
    same.delete(event);
    return { event, copies: [...same] };
  });
}

function isOrder<E extends Event>(event: E): event is Ordered<E> {
  return event.facts.kind === "order";
}

/**
 * What an event tells. An order that is paid at once is told of twice with the same content; a profile is sealed anew each time.
 */
function contentOf(facts: InboxFacts): string {
  if (facts.kind !== "order") return JSON.stringify(facts);
  return JSON.stringify({ ...facts, updatedAt: null, person: { ...facts.person, profileSealed: null } });
}

/** Whether two events are of one order and tell the same of its buyer. */
function isSameOrder(one: InboxFacts, other: InboxFacts): boolean {
  if (one === other) return true;
  if (one.kind !== "order" || other.kind !== "order" || one.orderId !== other.orderId) return false;
  return personKeysOf(one).join(" ") === personKeysOf(other).join(" ");
}

/** A customer's real order. */
function counts({ test, renewal, cancelledAt, person }: OrderFacts): boolean {
  return !test && !renewal && cancelledAt === null && person !== null && person.customerHash !== null;
}

/** A customer's real order that was made in a browser that carried a click. */
function mayOpen(facts: OrderFacts): boolean {
  const { cartAttribute, landingSite } = facts.tokens;
  return counts(facts) && !isWithoutBrowser(facts) && cartAttribute.length + landingSite.length > 0;
}
