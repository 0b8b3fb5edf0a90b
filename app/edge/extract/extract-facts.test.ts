import fc from "fast-check";
import { expect, test } from "vitest";
import { parseInboxFacts } from "#app/domain/event/inbox-facts.ts";
import { openProfile } from "#app/platform/sealed-profile.ts";
import { HAPPENED_AT, KEYS, SHOP, extract, factsOf } from "#test/builders/extract.ts";
import { WEBHOOK_TOPICS } from "./extract-facts.ts";

test("a customer is sealed and hashed, and the profile opens for the shop that it is of", () => {
  const facts = extract("customers/create", {
    id: 1,
    first_name: "Mara",
    email: "Mara+x@GMail.com",
    phone: "+44 20 7946 0000",
    state: "disabled",
    created_at: "2026-11-20T12:00:00Z",
  });
  if (facts.outcome !== "facts" || facts.facts.kind !== "customer") throw new Error("a customer");
  expect(facts.facts.person.emailHash).toBe(SHOP.keyring.person("email", "mara@gmail.com"));
  expect(facts.facts.person.phoneHash).toBe(SHOP.keyring.person("phone", "+442079460000"));
  expect(openProfile(KEYS, SHOP.shopId, facts.facts.person.profileSealed ?? "")).toEqual({
    firstName: "Mara",
    email: "Mara+x@GMail.com",
    phone: "+44 20 7946 0000",
    locale: null,
  });
});

test("an id above 2^53 stays what it was, as text or in a global id", () => {
  const hash = SHOP.keyring.person("customer", "820982911946154508");
  expect(factsOf("customers/delete", { id: "820982911946154508" })["customerHash"]).toBe(hash);
  expect(
    factsOf("customers/delete", { admin_graphql_api_id: "gid://shopify/Customer/820982911946154508" })["customerHash"],
  ).toBe(hash);
  expect(extract("customers/delete", { id: 2 ** 60 })).toEqual({ outcome: "wrong_shape" });
});

test("a sign-up tells of the link that its form brought, as a line of the note; later events and other notes do not", () => {
  const token = "t".repeat(110);
  const customer = { id: 1, created_at: "2026-11-20T12:00:00Z", note: `Birthday: 1 May\r\nref_token: ${token}` };
  expect(factsOf("customers/create", customer)["token"]).toBe(token);
  expect(factsOf("customers/enable", customer)["token"]).toBe(token);
  expect(factsOf("customers/update", customer)["token"]).toBeNull();
  const notes = ["Likes herbs", "ref_token: <script>", `my ref_token: ${token}`, "ref_token:", "x".repeat(6_000), 7];
  for (const note of notes) expect(factsOf("customers/create", { ...customer, note })["token"]).toBeNull();
});

test("a merge counts when it is completed, and not before", () => {
  const merge = {
    admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1",
    admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
  };
  expect(factsOf("customers/merge", { ...merge, status: "completed" })).toEqual({
    kind: "merge",
    keptHash: SHOP.keyring.person("customer", "1"),
    deletedHash: SHOP.keyring.person("customer", "2"),
    keptId: "1",
  });
  expect(extract("customers/merge", { ...merge, status: "failed" })).toEqual({ outcome: "nothing" });
});

test("a refund is the money that went back, whatever the lines say", () => {
  const transaction = { kind: "refund", status: "success", amount: "90.00", currency: "GBP" };
  const refund = {
    id: 9,
    order_id: 6,
    processed_at: "2026-11-25T10:00:00Z",
    refund_line_items: [],
    transactions: [transaction, { ...transaction, amount: "5.5" }, { ...transaction, status: "failure" }],
  };
  expect(factsOf("refunds/create", refund)).toEqual({
    kind: "refund",
    orderId: "6",
    refundId: "9",
    amount: "95.50",
    currency: "GBP",
    at: Date.parse("2026-11-25T10:00:00Z"),
    full: null,
  });
  expect(factsOf("refunds/create", { ...refund, transactions: [] })).toMatchObject({ amount: "0.00", currency: "GBP" });
  expect(
    extract("refunds/create", { ...refund, transactions: [transaction, { ...transaction, currency: "EUR" }] }),
  ).toEqual({ outcome: "wrong_shape" });
});

test("a request to be forgotten or to see one's data keeps hashes and order ids, and no profile", () => {
  const request = {
    shop_domain: SHOP.domain,
    customer: { id: 5, email: "mara@example.com", phone: null },
    orders_to_redact: [1, "820982911946154508"],
    orders_requested: [2],
  };
  expect(factsOf("customers/redact", request)).toMatchObject({
    kind: "redact",
    orderIds: ["1", "820982911946154508"],
    person: { customerId: "5", profileSealed: null },
  });
  expect(factsOf("customers/data_request", request)).toMatchObject({ kind: "data_request", orderIds: ["2"] });
  expect(factsOf("customers/redact", { customer: { email: "mara@example.com" } })).toMatchObject({
    person: { customerId: null, emailHash: SHOP.keyring.person("email", "mara@example.com") },
  });
});

test.each([
  ["orders/delete", { id: 1 }, { kind: "order_deleted", orderId: "1" }],
  ["orders/edited", { order_edit: { id: 9, order_id: 1 } }, { orderId: "1", editId: "9", removes: false }],
  [
    "orders/edited",
    { order_edit: { id: 9, order_id: 1, line_items: { additions: [], removals: [{ id: 2, delta: 1 }] } } },
    { orderId: "1", editId: "9", removes: true },
  ],
  [
    "disputes/create",
    { id: 4, order_id: 1, type: "chargeback", amount: "42.00", currency: "GBP", status: "needs_response" },
    { kind: "dispute", orderId: "1", disputeId: "4", amount: "42.00", currency: "GBP", status: "needs_response" },
  ],
  [
    "orders/risk_assessment_changed",
    { order_id: null, admin_graphql_api_order_id: "gid://shopify/Order/1" },
    { kind: "order_risk", orderId: "1" },
  ],
  [
    "discounts/delete",
    { admin_graphql_api_id: "gid://shopify/DiscountCodeNode/3" },
    { kind: "discount_removed", discountId: "3", code: null },
  ],
  [
    "discounts/redeemcode_removed",
    { admin_graphql_api_id: "gid://shopify/DiscountCodeNode/3", redeem_code: { code: "X" } },
    { discountId: "3", code: "X" },
  ],
  [
    "shop/update",
    { name: "FreshBox", currency: "GBP", domain: "freshbox.example", email: "owner@example.com" },
    { kind: "shop", name: "FreshBox", currency: "GBP", primaryDomain: "freshbox.example" },
  ],
  ["domains/update", { id: 1, host: "freshbox.example" }, { kind: "shop", domains: null }],
  ["app/uninstalled", { id: 1, name: "FreshBox" }, { kind: "uninstalled", at: HAPPENED_AT.getTime() }],
  [
    "app/scopes_update",
    { current: ["read_orders", "read_customers"], updated_at: "2026-11-20T00:00:00Z" },
    { kind: "scopes", scopes: ["read_orders", "read_customers"] },
  ],
  ["shop/redact", { shop_domain: SHOP.domain }, { kind: "shop_redact" }],
])("%s becomes the facts that are needed of it", (topic, payload, facts) => {
  expect(factsOf(topic, payload)).toMatchObject(facts);
});

test("a body that names another shop is foreign, whatever the topic", () => {
  expect(extract("shop/redact", { shop_domain: "other.myshopify.com" })).toEqual({ outcome: "foreign_shop" });
  expect(extract("app/uninstalled", { myshopify_domain: "other.myshopify.com" })).toEqual({ outcome: "foreign_shop" });
});

test("every topic is read without a throw, whatever the payload is, and gives facts that can be read back", () => {
  const fields = [
    "id",
    "order_id",
    "customer",
    "status",
    "transactions",
    "note_attributes",
    "client_details",
    "shipping_address",
    "total_price",
    "currency",
    "created_at",
    "__proto__",
  ];
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...fields), fc.oneof(fc.jsonValue(), fc.nat(), fc.constant("2026-11-20T00:00:00Z"))),
  );
  fc.assert(
    fc.property(fc.constantFrom(...WEBHOOK_TOPICS), payload, (topic, json) => {
      const extracted = extract(topic, json);
      if (extracted.outcome === "facts")
        expect(parseInboxFacts(JSON.parse(JSON.stringify(extracted.facts)))).toEqual(extracted.facts);
    }),
    { numRuns: 300 },
  );
});
