import { expect, test } from "vitest";
import { createCustomerWithPast } from "#simulator/world/past-orders.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import { buildSimulatedAdmin } from "#test/builders/simulated-admin.ts";

const MARA = { email: "mara@example.com", phone: "+447700900123", firstName: "Mara", lastName: "Lind", silent: true };

test("shopFacts reads name, currency, time zone and hosts with their ports", async () => {
  const { admin, shop } = await buildSimulatedAdmin({
    currency: "KWD",
    domains: ["shop.localhost:4400", "other.localhost:4400"],
  });
  expect(await admin.shopFacts()).toEqual({
    outcome: "ok",
    facts: {
      name: "FreshBox",
      currency: "KWD",
      timezone: "Asia/Kuwait",
      primaryDomain: "shop.localhost:4400",
      primaryOrigin: "http://shop.localhost:4400",
      domains: ["shop.localhost:4400", "other.localhost:4400", shop.domain],
    },
  });
});

test("readOrder reads what the payout and the screen decide on", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const customer = createCustomerWithPast(world, shop, MARA);
  const card = { bin: "510510", last4: "5100", expMonth: 7, expYear: 2031, brand: "Mastercard", name: "M Lind" };
  const { order } = placeOrder(world, shop, {
    customerId: customer.id,
    lines: [{ title: "Tea", priceMinor: 1250n, quantity: 2 }],
    noteAttributes: [{ name: "_ref_token", value: "t1,t2" }],
    card,
    clientIp: "203.0.113.9",
    shippingAddress: {
      firstName: "Mara",
      lastName: "Lind",
      address1: "1 High Street",
      city: "Bath",
      zip: "BA1 1AA",
      countryCode: "GB",
    },
    paid: true,
  });
  const answer = await admin.readOrder(order.id);
  if (answer.outcome !== "ok") throw new Error(answer.outcome);
  expect(answer.order).toMatchObject({
    orderId: order.id,
    customerId: customer.id,
    test: false,
    fullyPaid: true,
    financialStatus: "PAID",
    cancelledAt: null,
    currency: "GBP",
    taxesIncluded: true,
    email: "mara@example.com",
    clientIp: "203.0.113.9",
    card: { bin: "510510", lastFour: "5100", expiryMonth: 7, expiryYear: 2031, brand: "Mastercard" },
    attributes: [{ key: "_ref_token", value: "t1,t2" }],
    linesTruncated: false,
  });
  expect(answer.order.lines).toMatchObject([{ quantity: 2, currentQuantity: 2, giftCard: false, subscription: false }]);
  expect(Number(answer.order.lines[0]?.originalTotal)).toBe(25);
  expect(answer.order.shippingAddress).toMatchObject({ address1: "1 High Street", zip: "BA1 1AA", countryCode: "GB" });
  expect(answer.order.paidAt).toBeInstanceOf(Date);
});

test("an order that is not paid has no time of payment", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const { order } = placeOrder(world, shop, {
    email: "x@example.com",
    lines: [{ title: "Tea", priceMinor: 500n, quantity: 1 }],
    paid: false,
  });
  expect(await admin.readOrder(order.id)).toMatchObject({ outcome: "ok", order: { fullyPaid: false, paidAt: null } });
});

test("an order that Shopify does not show is not found, which is not the same as unreadable", async () => {
  const { admin } = await buildSimulatedAdmin();
  expect(await admin.readOrder("6999999999999")).toEqual({ outcome: "not_found" });
});

test("an order is readable with every protected field withheld", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin({ protectedFields: false });
  const customer = createCustomerWithPast(world, shop, MARA);
  const { order } = placeOrder(world, shop, {
    customerId: customer.id,
    lines: [{ title: "Tea", priceMinor: 500n, quantity: 1 }],
    paid: true,
  });
  expect(await admin.readOrder(order.id)).toMatchObject({
    outcome: "ok",
    order: { customerId: customer.id, email: null, phone: null, fullyPaid: true },
  });
  expect(await admin.readCustomer(customer.id)).toMatchObject({
    outcome: "ok",
    customer: { customerId: customer.id, email: null, firstName: null },
  });
});

test("readCustomer tells since when somebody buys", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin({ orderCountLagMs: 0 });
  const customer = createCustomerWithPast(world, shop, { ...MARA, pastOrders: 2 });
  const answer = await admin.readCustomer(customer.id);
  if (answer.outcome !== "ok") throw new Error(answer.outcome);
  expect(answer.customer).toMatchObject({
    email: "mara@example.com",
    phone: "+447700900123",
    firstName: "Mara",
    numberOfOrders: 2n,
  });
  expect(answer.customer.lastOrderAt).toBeInstanceOf(Date);
});

test("knownCustomers pages through all of them, each once", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  for (let n = 0; n < 130; n += 1) createCustomerWithPast(world, shop, { email: `c${n}@example.com`, silent: true });
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 5; page += 1) {
    const answer = await admin.knownCustomers(cursor);
    if (answer.outcome !== "ok") throw new Error(answer.outcome);
    seen.push(...answer.customers.map((customer) => customer.customerId));
    cursor = answer.next;
    if (cursor === null) break;
  }
  expect(seen).toHaveLength(130);
  expect(new Set(seen).size).toBe(130);
});

test("a percentage is sent as a share, and what is found by its code is the same discount", async () => {
  const { admin, shop } = await buildSimulatedAdmin();
  const created = await admin.createDiscountParent({
    title: "Goodword v1-s1-2027-03-01",
    firstCode: "AAAABBBBCCCCDDDD",
    worth: { kind: "percent", basisPoints: 1250 },
    startsAt: new Date(Date.now() - 60_000),
    endsAt: new Date(Date.now() + 86_400_000),
    combinesWith: { order: false, product: false, shipping: true },
  });
  if (created.outcome !== "ok") throw new Error(created.outcome);
  expect([...shop.discounts.values()][0]).toMatchObject({
    value: { kind: "percentage", basisPoints: 1250 },
    combinesWith: { shipping: true },
  });
  const found = await admin.findCode("aaaabbbbccccdddd");
  expect(found).toEqual({ outcome: "found", discountId: created.discountId, title: "Goodword v1-s1-2027-03-01" });
  expect(await admin.findCode("NOSUCHCODE")).toEqual({ outcome: "not_found" });
});

test("many calls at once wait for the shop's bucket instead of running into its end", async () => {
  const { admin } = await buildSimulatedAdmin({}, { bucket: { maximumAvailable: 40, restoreRate: 200 } });
  const answers = await Promise.all(Array.from({ length: 40 }, () => admin.shopFacts()));
  expect(answers.filter((answer) => answer.outcome === "ok")).toHaveLength(40);
});
