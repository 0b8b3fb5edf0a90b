import { expect, test } from "vitest";
import { PHONE_BROWSER, buildOrderPayload } from "#test/builders/door.ts";
import { SHOP, factsOf } from "#test/builders/extract.ts";

const TOKEN = "a".repeat(110);
const DEVICE = "0f8fad5b-d9cb-469f-a165-70867728950e";

test("an order becomes facts that the worker reads back exactly", () => {
  const facts = factsOf("orders/paid", buildOrderPayload());
  expect(facts).toMatchObject({
    kind: "order",
    orderId: "6123456789012",
    createdAt: Date.parse("2026-11-20T13:12:38Z"),
    paidAt: Date.parse("2026-11-20T13:12:41Z"),
    currency: "GBP",
    totalPrice: "95.00",
    test: false,
    agentIsBot: false,
    renewal: false,
    person: {
      customerId: "7987654321098",
      customerHash: SHOP.keyring.person("customer", "7987654321098"),
      emailDomain: "other",
    },
  });
});

test("an order is paid when orders/paid says so, and by no other topic", () => {
  expect(factsOf("orders/create", buildOrderPayload())["paidAt"]).toBeNull();
  expect(factsOf("orders/cancelled", buildOrderPayload({ cancelled_at: "2026-11-21T00:00:00Z" }))).toMatchObject({
    paidAt: null,
    cancelledAt: Date.parse("2026-11-21T00:00:00Z"),
  });
});

test("an order carries the tokens, the device and the time that the storefront put on its cart", () => {
  const facts = factsOf(
    "orders/create",
    buildOrderPayload({
      note_attributes: [
        { name: "_ref_token", value: `${TOKEN}, ${TOKEN},not a token,${"b".repeat(110)}` },
        { name: "_ref_device", value: DEVICE.toUpperCase() },
        { name: "_ref_cart_at", value: "2026-11-20T12:30:00.000Z" },
        { name: "gift", value: "yes" },
      ],
      landing_site: `/products/tea?x=1&ref_token=${TOKEN}#top`,
      discount_codes: [{ code: "SPRING", amount: "1.00", type: "fixed_amount" }, { code: null }],
    }),
  );
  expect(facts).toMatchObject({
    tokens: { cartAttribute: [TOKEN, "b".repeat(110)], landingSite: [TOKEN] },
    device: DEVICE,
    cartAt: Date.parse("2026-11-20T12:30:00Z"),
    discountCodes: ["SPRING"],
    discounts: [{ code: "SPRING", amount: "1.00" }],
  });
});

test("an order carries its token however the landing page wrote the name, and the last of two attributes of a name", () => {
  const facts = factsOf(
    "orders/create",
    buildOrderPayload({
      note_attributes: [
        { name: "_ref_token", value: "a".repeat(110) },
        { name: "_ref_token", value: "b".repeat(110) },
      ],
      landing_site: `/?q=1&ref%5Ftoken=${TOKEN}`,
    }),
  );
  expect(facts).toMatchObject({ tokens: { cartAttribute: ["b".repeat(110)], landingSite: [TOKEN] } });
  const elsewhere = factsOf("orders/create", buildOrderPayload({ landing_site: `/ref_token?x#&ref_token=${TOKEN}` }));
  expect(elsewhere).toMatchObject({ tokens: { landingSite: [] } });
});

test("an order carries five tokens at most, and no device that is not ours", () => {
  const many = Array.from({ length: 9 }, (_, index) => String(index).repeat(110)).join(",");
  const facts = factsOf(
    "orders/create",
    buildOrderPayload({
      note_attributes: [
        { name: "_ref_token", value: many },
        { name: "_ref_device", value: PHONE_BROWSER },
      ],
    }),
  );
  expect(facts).toMatchObject({
    tokens: { cartAttribute: [0, 1, 2, 3, 4].map((index) => String(index).repeat(110)) },
    device: null,
  });
});

test("an order of JPY or KWD, without a price, of a test or without a customer keeps what it says", () => {
  expect(
    factsOf("orders/paid", buildOrderPayload({ total_price_set: null, total_price: "1000", currency: "JPY" })),
  ).toMatchObject({ currency: "JPY", totalPrice: "1000" });
  expect(
    factsOf(
      "orders/paid",
      buildOrderPayload({ total_price_set: { shop_money: { amount: "1.250", currency_code: "KWD" } } }),
    ),
  ).toMatchObject({ currency: "KWD", totalPrice: "1.250" });
  expect(
    factsOf("orders/paid", buildOrderPayload({ total_price_set: null, total_price: "0.00", test: true })),
  ).toMatchObject({ totalPrice: "0.00", test: true });
  const { email, phone } = { email: null, phone: null };
  expect(factsOf("orders/paid", buildOrderPayload({ customer: null, email, phone }))["person"]).toBeNull();
  expect(factsOf("orders/paid", buildOrderPayload({ customer: null }))["person"]).toMatchObject({
    customerId: null,
    emailHash: SHOP.keyring.person("email", "mara@example.com"),
  });
});

test("an order with every protected field null still says who, when and how much", () => {
  const facts = factsOf(
    "orders/paid",
    buildOrderPayload({
      email: null,
      phone: null,
      customer: { id: 7987654321098, first_name: null, last_name: null, email: null, phone: null },
      client_details: null,
      browser_ip: null,
      shipping_address: { address1: null, zip: null, city: null, country_code: "GB", first_name: null },
    }),
  );
  expect(facts).toMatchObject({
    person: { customerId: "7987654321098", emailHash: null, phoneHash: null, profileSealed: null, emailDomain: null },
    ipHash: null,
    agentHash: null,
    agentIsBot: false,
    addressHash: null,
    addressParts: null,
  });
});

test("an order by a script, or of a subscription that renewed itself, says so", () => {
  expect(
    factsOf("orders/paid", buildOrderPayload({ client_details: { user_agent: "curl/8.5.0" } }))["agentIsBot"],
  ).toBe(true);
  expect(factsOf("orders/paid", buildOrderPayload({ source_name: "subscription_contract" }))["renewal"]).toBe(true);
  expect(
    factsOf("orders/paid", buildOrderPayload({ source_name: "subscription_contract_checkout_one" }))["renewal"],
  ).toBe(false);
});

test("an address that is written another way has the same hash, and one with another unit has not", () => {
  const address = {
    address1: "10 Main Street",
    address2: null,
    city: "London",
    zip: "SW1A 1AA",
    country_code: "GB",
    last_name: "Jones",
  };
  const hashOf = (changes: object) =>
    factsOf("orders/paid", buildOrderPayload({ shipping_address: { ...address, ...changes } }))["addressHash"];
  expect(hashOf({ address1: "10,  MAIN street.", zip: "sw1a1aa" })).toBe(hashOf({}));
  expect(hashOf({ address2: "Flat 2" })).not.toBe(hashOf({}));
});

test("an order keeps its cart as the hash that a claim of the same cart has, and none where there is none", () => {
  const cart = "hWN2-5f1c9943815c1867d7f353259";
  expect(factsOf("orders/create", buildOrderPayload({ cart_token: cart }))).toMatchObject({
    cartTokenHash: SHOP.keyring.fact("cart", cart),
  });
  expect(factsOf("orders/create", buildOrderPayload({ cart_token: null }))["cartTokenHash"]).toBeNull();
});
