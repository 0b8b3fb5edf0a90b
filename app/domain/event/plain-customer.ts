import { keysSharedInPart, signatureOf } from "./batch.ts";
import type { CustomerFacts } from "./customer-facts.ts";
import type { InboxFacts } from "./inbox-facts.ts";
import { personKeysOf, withoutKeys } from "./plain-order.ts";

type Event = { readonly facts: InboxFacts };
type Told<E extends Event> = E & { readonly facts: CustomerFacts };

/**
 * The customers of a batch of whom nothing but who they are is told: their events, gathered where they tell the same keys, in
 * the order in which they came. One that brought a link along is weighed by itself. So is whoever an event speaks of that is
 * neither an order nor a customer's own, and whose keys another event shares without sharing all: two people may turn out to
 * be one.
 */
export function plainCustomers<E extends Event>(events: readonly E[]): Told<E>[][] {
  const customers = events.filter(tellsOfCustomer);
  const others = events.filter(({ facts }) => facts.kind !== "order" && !isPlainCustomer(facts));
  const taken = new Set([...others.flatMap(({ facts }) => personKeysOf(facts)), ...keysSharedInPart(customers)]);
  const plain = withoutKeys(customers, taken).filter(({ facts }) => personKeysOf(facts).length > 0);
  return [...Map.groupBy(plain, ({ facts }) => signatureOf(facts)).values()];
}

function isPlainCustomer(facts: InboxFacts): facts is CustomerFacts {
  return facts.kind === "customer" && facts.token === null;
}

function tellsOfCustomer<E extends Event>(event: E): event is Told<E> {
  return isPlainCustomer(event.facts);
}
