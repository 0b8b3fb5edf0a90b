import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadAppConfig } from "../../app-config.ts";
import { buildBench } from "../../fidelity/harness.ts";
import { createCustomer } from "../../world/customers.ts";
import { createDiscount } from "../../world/discounts.ts";
import type { Happening } from "../../world/events.ts";
import { cancelOrder, refundOrder } from "../../world/order-life.ts";
import { placeOrder } from "../../world/orders.ts";
import { includeFields } from "../subscriptions.ts";
import { buildPayload } from "./build.ts";
import { refundPayload } from "./refund.ts";

const FORMATS = {
  uri: (text: string) => URL.canParse(text),
  email: /^[^@\s]+@[^@\s]+$/,
  ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
};

function problemsWith(schemaName: string, payload: unknown): unknown {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS });
  const schema = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(readFileSync(new URL(`../../fidelity/${schemaName}.schema.json`, import.meta.url), "utf8")));
  const validate = ajv.compile(schema);
  validate(JSON.parse(JSON.stringify(payload)));
  return validate.errors ?? [];
}

const ADDRESS = {
  firstName: "Fran",
  lastName: "Friend",
  company: "Friends",
  address1: "10 Main St",
  address2: "Flat 2",
  city: "Portland",
  province: "Oregon",
  provinceCode: "OR",
  zip: "97201",
  countryCode: "US",
  phone: "+15035550100",
};

/** A shop in which somebody who has everything bought something with a code. */
function buildSale(shopOptions: Parameters<typeof buildBench>[0] = {}) {
  const bench = buildBench(shopOptions);
  const { world, shop } = bench;
  const happenings: Happening[] = [];
  world.listeners.push((_shop, happening) => happenings.push(happening));
  const customer = createCustomer(world, shop, {
    email: "fran@example.com",
    phone: "+15035550100",
    firstName: "Fran",
    lastName: "Friend",
    addresses: [ADDRESS],
  });
  customer.note = "Likes herbs";
  createDiscount(world, shop, { title: "Ten", code: "FRIEND", value: { kind: "percentage", basisPoints: 1000 } });
  const { order } = placeOrder(world, shop, {
    customerId: customer.id,
    lines: [{ title: "Box", priceMinor: 10_000n, quantity: 1, sku: "BOX" }],
    discountCodes: ["FRIEND"],
    noteAttributes: [{ name: "_ref_token", value: "abc" }],
    landingSite: "/?ref_token=abc",
    referringSite: "https://chat.example/",
    clientIp: "203.0.113.24",
    userAgent: "Mozilla/5.0",
    acceptLanguage: "en-US",
    paid: true,
  });
  const payloadOf = (topic: Happening["topic"]) => {
    const happening = happenings.find((candidate) => candidate.topic === topic);
    if (!happening) throw new Error(`${topic} did not happen`);
    return buildPayload(shop, happening, world.clock.now());
  };
  return { ...bench, customer, order, payloadOf };
}

test("customers/create has the shape of Shopify's sample", () => {
  expect(problemsWith("customers_create", buildSale().payloadOf("customers/create"))).toEqual([]);
});

test.each(["orders/create", "orders/paid"] as const)("%s has the shape of Shopify's sample", (topic) => {
  expect(problemsWith("orders_paid", buildSale().payloadOf(topic))).toEqual([]);
});

test("orders/cancelled has the shape of Shopify's sample", () => {
  const { world, shop, order, payloadOf } = buildSale();
  cancelOrder(world, shop, order, { refund: false });
  expect(problemsWith("orders_paid", payloadOf("orders/cancelled"))).toEqual([]);
  expect(payloadOf("orders/cancelled")).toMatchObject({ cancel_reason: "customer", cancelled_at: expect.any(String) });
});

test("refunds/create has the shape of Shopify's sample, with and without goods", () => {
  const { world, shop, order } = buildSale();
  const loose = refundOrder(world, shop, order, { amountMinor: 100n });
  const goods = refundOrder(world, shop, order, { full: true });
  for (const refund of [loose, goods]) {
    expect(problemsWith("refunds_create", refundPayload(shop, order, { ...refund, note: "Changed her mind" }))).toEqual(
      [],
    );
  }
  expect(refundPayload(shop, order, loose)["refund_line_items"]).toEqual([]);
});

test("an order's payload tells the carriers, the code and the money as Shopify writes them", () => {
  const { order, payloadOf } = buildSale({ shop: { currency: "USD" } });
  const payload = payloadOf("orders/paid");
  expect(payload).toMatchObject({
    id: Number(order.id),
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    financial_status: "paid",
    total_price: "90.00",
    note_attributes: [{ name: "_ref_token", value: "abc" }],
    discount_codes: [{ code: "FRIEND", amount: "10.00", type: "percentage" }],
    discount_applications: [{ type: "discount_code", value: "10.0", value_type: "percentage" }],
    line_items: [{ discount_allocations: [{ amount: "10.00", discount_application_index: 0 }] }],
    client_details: { user_agent: "Mozilla/5.0" },
    customer: { email: "fran@example.com" },
  });
  expect(order.id).toMatch(/^\d{13,14}$/);
  expect(payload["created_at"]).toMatch(/-0[45]:00$/);
  expect(payload).not.toHaveProperty("transactions");
});

test("yen and dinars have no and three decimal places", () => {
  expect(buildSale({ shop: { currency: "JPY" } }).payloadOf("orders/paid")).toMatchObject({ total_price: "9000" });
  expect(buildSale({ shop: { currency: "KWD" } }).payloadOf("orders/paid")).toMatchObject({ total_price: "9.000" });
});

test("protected fields are null in payloads where the shop's access level says so", () => {
  const { payloadOf } = buildSale({ shop: { protectedFields: false } });
  expect(payloadOf("customers/create")).toMatchObject({ email: null, phone: null, first_name: null, last_name: null });
  expect(payloadOf("orders/paid")).toMatchObject({
    email: null,
    contact_email: null,
    phone: null,
    browser_ip: "203.0.113.24",
    customer: { email: null, default_address: { zip: null, city: "Portland" } },
    shipping_address: { address1: null, name: null, country_code: "US" },
  });
});

test("the app's order subscriptions keep a field that changes and all that names the carriers", () => {
  const subscription = loadAppConfig().subscriptions.find(({ topics }) => topics.includes("orders/paid"));
  const kept = includeFields(buildSale().payloadOf("orders/paid"), subscription?.includeFields ?? null);
  const needed = [
    "id",
    "admin_graphql_api_id",
    "updated_at",
    "customer",
    "note_attributes",
    "discount_codes",
    "landing_site",
    "checkout_token",
    "cart_token",
  ];
  expect(Object.keys(kept)).toEqual(expect.arrayContaining(needed));
});
