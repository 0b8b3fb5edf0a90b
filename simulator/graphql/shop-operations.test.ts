import { expect, test } from "vitest";
import { buildBench, eventually } from "../fidelity/harness.ts";
import { addCode, createDiscount } from "../world/discounts.ts";
import { gid } from "../world/ids.ts";
import { placeOrder } from "../world/orders.ts";

test("codeDiscountNodeByCode finds any code of a discount, whatever its case", async () => {
  const { ask, world, shop } = buildBench();
  const value = { kind: "amount", amountMinor: 1000n, onEachItem: false } as const;
  const discount = createDiscount(world, shop, { title: "Parent", code: "AAAA", value, usageLimit: 1 });
  addCode(world, shop, discount, "BBBB");
  const query = `query ($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount { ... on DiscountCodeBasic {
    title status usageLimit codesCount { count } customerGets { value { ... on DiscountAmount { amount { amount } } } }
    codes(first: 5, query: "code:BBBB") { nodes { code asyncUsageCount } } } } } }`;
  expect((await ask(query, { code: "bbbb" })).data).toMatchObject({
    codeDiscountNodeByCode: {
      id: gid("DiscountCodeNode", discount.id),
      codeDiscount: {
        title: "Parent",
        status: "ACTIVE",
        usageLimit: 1,
        codesCount: { count: 2 },
        codes: { nodes: [{ code: "BBBB", asyncUsageCount: 0 }] },
      },
    },
  });
  expect((await ask(query, { code: "CCCC" })).data).toEqual({ codeDiscountNodeByCode: null });
});

test("discountNodes lists discounts by status and title", async () => {
  const { ask, world, shop } = buildBench();
  createDiscount(world, shop, {
    title: "Old",
    code: "OLD",
    value: { kind: "percentage", basisPoints: 500 },
    endsAt: new Date(0),
  });
  createDiscount(world, shop, { title: "New", code: "NEW", value: { kind: "percentage", basisPoints: 500 } });
  const answer = await ask(
    `{ discountNodes(first: 5, query: "status:active") { nodes { id discount { ... on DiscountCodeBasic { title } } } } }`,
  );
  expect(answer.data).toMatchObject({ discountNodes: { nodes: [{ discount: { title: "New" } }] } });
});

test("discountCodeRedeemCodeBulkDelete takes codes away a moment later", async () => {
  const { ask, world, shop } = buildBench();
  const discount = createDiscount(world, shop, {
    title: "Parent",
    code: "AAAA",
    value: { kind: "percentage", basisPoints: 500 },
  });
  const [code] = discount.codes.values();
  const variables = { id: gid("DiscountCodeNode", discount.id), ids: [gid("DiscountRedeemCode", code?.id ?? "")] };
  const query = `mutation ($id: ID!, $ids: [ID!]) { discountCodeRedeemCodeBulkDelete(discountId: $id, ids: $ids) { job { id done } userErrors { code } } }`;
  expect((await ask(query, variables)).data).toMatchObject({
    discountCodeRedeemCodeBulkDelete: { job: { done: false }, userErrors: [] },
  });
  await eventually(() => discount.codes.size === 0);
  expect((await ask(query, { id: variables.id })).data).toMatchObject({
    discountCodeRedeemCodeBulkDelete: { job: null, userErrors: [{ code: "MISSING_ARGUMENT" }] },
  });
});

test("discountCodeFreeShippingCreate makes a discount that takes delivery off", async () => {
  const { ask, world, shop } = buildBench();
  const input = {
    title: "Free delivery",
    code: "POST",
    startsAt: "2026-11-20T00:00:00Z",
    usageLimit: 1,
    destination: { all: true },
  };
  const answer = await ask(
    `mutation ($input: DiscountCodeFreeShippingInput!) { discountCodeFreeShippingCreate(freeShippingCodeDiscount: $input) {
       codeDiscountNode { codeDiscount { ... on DiscountCodeFreeShipping { title discountClasses } } } userErrors { code } } }`,
    { input },
  );
  expect(answer.data).toMatchObject({
    discountCodeFreeShippingCreate: {
      codeDiscountNode: { codeDiscount: { title: "Free delivery", discountClasses: ["SHIPPING"] } },
      userErrors: [],
    },
  });
  const { order } = placeOrder(world, shop, {
    customerId: null,
    lines: [{ title: "Box", priceMinor: 1000n, quantity: 1 }],
    shippingMinor: 500n,
    discountCodes: ["POST"],
    paid: true,
  });
  expect(order.shippingMinor).toBe(0n);
});

test("webPixelCreate works once, then says the pixel is taken", async () => {
  const { ask } = buildBench();
  const query = `mutation ($pixel: WebPixelInput!) { webPixelCreate(webPixel: $pixel) { webPixel { id settings } userErrors { code } } }`;
  const variables = { pixel: { settings: '{"appUrl":"https://goodword.example.com"}' } };
  expect((await ask(query, variables)).data).toMatchObject({
    webPixelCreate: { webPixel: { id: expect.any(String) }, userErrors: [] },
  });
  expect((await ask(query, variables)).data).toMatchObject({
    webPixelCreate: { webPixel: null, userErrors: [{ code: "TAKEN" }] },
  });
});

test("flowTriggerReceive keeps what it was told, and refuses a payload that is too large", async () => {
  const { ask, world } = buildBench();
  const query = `mutation ($handle: String, $payload: JSON) { flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { field message } } }`;
  const told = (payload: unknown) => ask(query, { handle: "referral-rewarded", payload });
  expect((await told({ order_id: 1 })).data).toEqual({ flowTriggerReceive: { userErrors: [] } });
  expect((await told({ note: "x".repeat(50_000) })).data).toMatchObject({
    flowTriggerReceive: { userErrors: [{ message: "Properties size exceeds the limit of 50000 bytes." }] },
  });
  expect(world.flowTriggers).toMatchObject([
    { shop: "freshbox.myshopify.com", handle: "referral-rewarded", payload: { order_id: 1 } },
  ]);
});

test("shop and currentAppInstallation tell the facts that are read at install", async () => {
  const { ask, shop } = buildBench({
    shop: { currency: "JPY", domains: ["shop.example.com", "freshbox.localhost:4600"], customerAccounts: "classic" },
  });
  const answer =
    await ask(`{ shop { id name currencyCode ianaTimezone myshopifyDomain taxesIncluded url primaryDomain { host url } domains { host url }
    plan { publicDisplayName partnerDevelopment } customerAccountsV2 { customerAccountsVersion } }
    currentAppInstallation { accessScopes { handle } } }`);
  expect(answer.data).toMatchObject({
    shop: {
      currencyCode: "JPY",
      ianaTimezone: "Asia/Tokyo",
      primaryDomain: { host: "shop.example.com", url: "https://shop.example.com" },
      domains: [{}, { url: "http://freshbox.localhost:4600" }],
      customerAccountsV2: { customerAccountsVersion: "CLASSIC" },
    },
    currentAppInstallation: { accessScopes: (shop.installation?.scopes ?? []).map((handle) => ({ handle })) },
  });
});
