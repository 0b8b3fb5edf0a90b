import fc from "fast-check";
import { expect, test } from "vitest";
import { buildBindFacts, buildCustomerFacts, buildOrderFacts, buildPerson, hash, NOON } from "#test/builders/domain.ts";
import type { InboxFacts } from "./inbox-facts.ts";
import { parseInboxFacts } from "./inbox-facts.ts";

const FACTS: readonly InboxFacts[] = [
  buildCustomerFacts(),
  buildOrderFacts(),
  buildOrderFacts({ discountCodes: ["7QK2A"], discounts: [{ code: "7QK2A", amount: "10.00" }] }),
  buildOrderFacts({
    person: null,
    paidAt: null,
    tokens: { cartAttribute: ["a", "b"], landingSite: ["c"] },
    device: "0190b5a0-0000-7000-8000-000000000001",
    addressHash: hash("address"),
    addressParts: { postcode: hash("postcode") },
    ipHash: hash("ip").slice(0, 32),
  }),
  buildBindFacts(),
  { kind: "pixel", checkoutTokenHash: hash("checkout"), orderId: "5001", tokens: ["a"], device: null, at: NOON },
  { kind: "refund", orderId: "5001", refundId: "6001", amount: "10.00", currency: "GBP", at: NOON, full: null },
  { kind: "merge", keptHash: hash("kept"), deletedHash: hash("deleted"), keptId: "7001" },
  { kind: "customer_deleted", customerHash: hash("gone") },
  { kind: "redact", person: buildPerson(), orderIds: ["5001"] },
  { kind: "data_request", person: buildPerson(), orderIds: [] },
  {
    kind: "shop",
    name: "FreshBox",
    currency: "GBP",
    primaryDomain: "freshbox.example",
    domains: null,
    timeZone: null,
    locale: "en",
    updatedAt: NOON,
  },
  { kind: "uninstalled", at: NOON },
  { kind: "shop_redact" },
  { kind: "scopes", scopes: ["read_orders"] },
  { kind: "order_deleted", orderId: "5001" },
  { kind: "order_risk", orderId: "18446744073709551615" },
  { kind: "discount_removed", discountId: "8001", code: null },
];

test.each(FACTS.map((facts) => [facts.kind, facts] as const))(
  "facts of kind %s come back the same through JSON",
  (_kind, facts) => {
    expect(parseInboxFacts(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
  },
);

test.each<[string, unknown]>([
  ["nothing", null],
  ["a list", []],
  ["no kind", {}],
  ["an unknown kind", { kind: "party" }],
  ["a kind of an object's internals", { kind: "constructor" }],
  ["an id as a number", { ...buildOrderFacts(), orderId: 5_001 }],
  ["an id with a sign", { ...buildOrderFacts(), orderId: "-1" }],
  ["a hash in capitals", { kind: "merge", keptHash: hash("kept").toUpperCase(), deletedHash: hash("deleted") }],
  ["a shortened hash that identifies", buildCustomerFacts({ person: buildPerson({ emailHash: "abcdef12" }) })],
  ["a time in text", { ...buildOrderFacts(), createdAt: "2026-11-20T12:00:00Z" }],
  ["a total as a number", { ...buildOrderFacts(), totalPrice: 42 }],
  ["more tokens than a carrier may hold", { ...buildBindFacts(), tokens: ["1", "2", "3", "4", "5", "6"] }],
  ["an address part that is no text", { ...buildOrderFacts(), addressParts: { street: 1 } }],
])("parseInboxFacts refuses %s", (_what, json) => {
  expect(parseInboxFacts(json)).toBeNull();
});

test("an order that was stored before its discounts' amounts were kept can still be read", () => {
  const { discounts: _unknown, ...older } = buildOrderFacts({ discountCodes: ["7QK2A"] });
  expect(parseInboxFacts(older)).toMatchObject({ discountCodes: ["7QK2A"], discounts: null });
});

test("parseInboxFacts never throws, and what it accepts it accepts again", () => {
  const broken = fc
    .tuple(fc.constantFrom(...FACTS), fc.dictionary(fc.string(), fc.anything()))
    .map(([facts, noise]) => ({ ...facts, ...noise }));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), broken), (json) => {
      const facts = parseInboxFacts(json);
      if (facts !== null) expect(parseInboxFacts(facts)).toEqual(facts);
    }),
  );
});
