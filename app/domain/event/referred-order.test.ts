import { expect, test } from "vitest";
import { buildOrderFacts } from "#test/builders/domain.ts";
import type { InboxFacts } from "./inbox-facts.ts";
import type { OrderFacts } from "./order-facts.ts";
import type { PersonFacts } from "./person-facts.ts";
import { countingOrders, isWithoutBrowser, referredOrders } from "./referred-order.ts";

const TOKENS = { cartAttribute: ["A".repeat(120)], landingSite: [] };
type Told = { id: string; facts: InboxFacts };

function person(customer: string | null, email: string | null = null): PersonFacts {
  const nobody = { customerId: null, phoneHash: null, profileSealed: null, emailDomain: null };
  return { ...nobody, customerHash: customer, emailHash: email };
}

function order(id: string, who: PersonFacts | null, changes: Partial<OrderFacts> = {}): Told {
  return { id, facts: buildOrderFacts({ orderId: id, person: who, tokens: TOKENS, ...changes }) };
}

/** The orders that were taken, each with the ids of its repetitions. */
function taken(...events: Told[]): string[] {
  return referredOrders(events).map(({ event, copies }) => [event, ...copies].map(({ id }) => id).join(" "));
}

test("an order that carries a click is taken with what tells the same of it, sealed anew or told when it was paid", () => {
  const again = { ...person("c1", "e1"), profileSealed: "anew" };
  expect(
    taken(
      order("1", person("c1", "e1")),
      { ...order("1", again, { updatedAt: 9 }), id: "again" },
      order("2", person("c2"), { tokens: { cartAttribute: [], landingSite: ["B".repeat(120)] } }),
    ),
  ).toEqual(["1 again", "2"]);
});

test("what tells more of the same order comes after it, in its turn", () => {
  const cancelled = { ...order("1", person("c1"), { cancelledAt: 2 }), id: "cancelled" };
  expect(taken(order("1", person("c1")), cancelled)).toEqual(["1"]);
  expect(taken(cancelled, order("1", person("c1")))).toEqual([]);
});

test.each<[string, Told]>([
  ["another order of the buyer", order("8", person("c1"))],
  ["the same order under another name", { ...order("1", person("c1", "e9")), id: "8" }],
  ["a bind", { id: "8", facts: { kind: "bind", person: person("c1"), tokens: [], device: null, at: 1 } }],
])("%s leaves both to a closer look", (_what, other) => {
  expect(taken(order("1", person("c1")), order("2", person("c2")), other)).toEqual(["2"]);
});

test.each<[string, Partial<OrderFacts>]>([
  ["a test order", { test: true }],
  ["a renewal", { renewal: true }],
  ["a cancelled order", { cancelledAt: 1 }],
  ["an order of nobody", { person: null }],
  ["an order of an address without an account", { person: person(null, "e1") }],
  ["an order that no browser made", { sourceName: "pos" }],
  ["an order that carries no click", { tokens: { cartAttribute: [], landingSite: [] } }],
])("%s opens nothing by itself", (_what, changes) => {
  expect(taken(order("1", person("c1"), changes), order("2", person("c2")))).toEqual(["2"]);
});

test("an order counts for a friend whatever brought it, as long as it stands", () => {
  const none = { cartAttribute: [], landingSite: [] };
  const orders = [
    order("1", person("c1"), { tokens: none, sourceName: "pos" }),
    order("2", person("c2"), { cancelledAt: 1 }),
  ];
  expect(countingOrders(orders).map(({ event }) => event.id)).toEqual(["1"]);
});

test.each([
  ["pos", true],
  ["shopify_draft_order", true],
  ["web", false],
  [null, false],
])("an order from %s was made without a browser: %s", (sourceName, without) => {
  expect(isWithoutBrowser(buildOrderFacts({ sourceName }))).toBe(without);
});
