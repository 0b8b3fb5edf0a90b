import { expect, test } from "vitest";
import { buildOrderFacts } from "#test/builders/domain.ts";
import type { InboxFacts } from "./inbox-facts.ts";
import type { PersonFacts } from "./person-facts.ts";
import { isPlainOrder, personKeysOf, untangledOrders } from "./plain-order.ts";

const TOKEN = "A".repeat(120);

function person(customer: string, email: string | null = null): PersonFacts {
  const nobody = { customerId: null, phoneHash: null, profileSealed: null, emailDomain: null };
  return { ...nobody, customerHash: customer, emailHash: email };
}

function plain(id: string, customer: string, email: string | null = null) {
  return { id, facts: buildOrderFacts({ orderId: id, person: person(customer, email) }) };
}

test.each([
  ["a test order", { test: true }],
  ["a cancelled order", { cancelledAt: 1 }],
  ["an order without a customer", { person: null }],
  ["a token on the cart", { tokens: { cartAttribute: [TOKEN], landingSite: [] } }],
  ["a token of the landing page", { tokens: { cartAttribute: [], landingSite: [TOKEN] } }],
])("%s takes a closer look", (_what, changes) => {
  expect(isPlainOrder(buildOrderFacts({ person: person("c1") }))).toBe(true);
  expect(isPlainOrder(buildOrderFacts({ person: person("c1"), ...changes }))).toBe(false);
});

test.each<[string, InboxFacts]>([
  ["a bind", { kind: "bind", person: person("c1"), tokens: [TOKEN], device: null, at: 1 }],
  ["a merge", { kind: "merge", keptHash: "c9", deletedHash: "c1", keptId: null }],
  ["a deletion", { kind: "customer_deleted", customerHash: "c1" }],
  [
    "an order with a click",
    buildOrderFacts({ person: person("c1"), tokens: { cartAttribute: [TOKEN], landingSite: [] } }),
  ],
])("%s takes the orders of its customer with it, and of whoever shares a key with those", (_what, facts) => {
  const batch = [
    plain("1", "c1", "e1"),
    plain("2", "c2", "e1"),
    plain("3", "c2", "e2"),
    plain("4", "c3", "e2"),
    plain("5", "c4"),
    { id: "6", facts },
  ];
  expect(untangledOrders(batch).map(({ id }) => id)).toEqual(["5"]);
});

test("a customer's own event leaves their orders as they are", () => {
  const facts: InboxFacts = {
    kind: "customer",
    person: person("c1"),
    createdAt: 1,
    updatedAt: 1,
    state: "enabled",
    token: null,
  };
  expect(untangledOrders([{ id: "1", facts }, plain("2", "c1")]).map(({ id }) => id)).toEqual(["2"]);
});

test("a customer's own event that tells of a key which an order of theirs does not, takes the order with it", () => {
  const facts: InboxFacts = {
    kind: "customer",
    person: person("c1", "e1"),
    createdAt: 1,
    updatedAt: 1,
    state: "enabled",
    token: null,
  };
  const batch = [{ id: "1", facts }, plain("2", "c2", "e1"), plain("3", "c1", "e1"), plain("4", "c3", "e3")];
  // c1 and c2 share an address: they are one person, which the order of c2 alone does not tell.
  expect(untangledOrders(batch).map(({ id }) => id)).toEqual(["4"]);
});

test("the event of a customer who has no order here leaves every order as it is", () => {
  const facts: InboxFacts = {
    kind: "customer",
    person: person("c9"),
    createdAt: 1,
    updatedAt: 1,
    state: "enabled",
    token: null,
  };
  expect(untangledOrders([{ id: "1", facts }, plain("2", "c1")]).map(({ id }) => id)).toEqual(["2"]);
});

test("nothing is left of orders that all hang together with what is taken", () => {
  const bind: InboxFacts = { kind: "bind", person: person("c1"), tokens: [TOKEN], device: null, at: 1 };
  const batch = [plain("1", "c1", "e1"), plain("2", "c2", "e1"), { id: "3", facts: bind }];
  expect(untangledOrders(batch)).toEqual([]);
});

test.each<InboxFacts>([
  { kind: "pixel", checkoutTokenHash: "a", orderId: "1", tokens: [], device: null, at: 1 },
  { kind: "refund", orderId: "1", refundId: "2", amount: "1.00", currency: "GBP", at: 1, full: null },
  { kind: "dispute", orderId: "1", disputeId: "2", amount: "1.00", currency: "GBP", status: "won" },
  { kind: "order_edited", orderId: "1", editId: "2", removes: true },
  { kind: "order_deleted", orderId: "1" },
  { kind: "order_risk", orderId: "1" },
  { kind: "discount_removed", discountId: "1", code: null },
  {
    kind: "shop",
    name: null,
    currency: null,
    primaryDomain: null,
    domains: null,
    timeZone: null,
    locale: null,
    updatedAt: 1,
  },
  { kind: "scopes", scopes: [] },
  { kind: "uninstalled", at: 1 },
  { kind: "shop_redact" },
])("an event of the kind $kind names nobody, so it takes no order with it", (facts) => {
  expect(personKeysOf(facts)).toEqual([]);
  expect(untangledOrders([{ id: "1", facts }, plain("2", "c1")]).map(({ id }) => id)).toEqual(["2"]);
});

test("a redaction and a request for one's data name the customer, and wait with the customer's orders", () => {
  for (const kind of ["redact", "data_request"] as const) {
    const facts: InboxFacts = { kind, person: person("c1", "e1"), orderIds: [] };
    expect(personKeysOf(facts)).toEqual(["c1", "e1"]);
    expect(untangledOrders([plain("2", "c1"), { id: "1", facts }])).toEqual([]);
  }
});
