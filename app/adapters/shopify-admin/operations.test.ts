import { readFileSync } from "node:fs";
import { getOperationAST, getVariableValues, parse, TypeInfo, validate, visit, visitWithTypeInfo } from "graphql";
import type { DocumentNode } from "graphql";
import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { z } from "zod";
import { scopesOfKind } from "#app/domain/terms/scopes.ts";
import type { Logger } from "#app/platform/logger.ts";
import { isAllowed } from "#simulator/graphql/access.ts";
import { QUERY_COST_MAX, requestedCost } from "#simulator/graphql/cost.ts";
import { loadAdminSchema } from "#simulator/graphql/schema.ts";
import { createCostLimiter } from "./cost-limiter.ts";
import { evidenceOfManyOperation, LINES_OF_EACH_MAX, REFERRALS_AT_ONCE_MAX } from "./operations/evidence.graphql.ts";
import { ADMIN_OPERATIONS } from "./operations/index.ts";
import { LINES_READ_MAX } from "./operations/orders.graphql.ts";
import type { AdminOperation } from "./operation.ts";
import { createShopifyAdmin } from "./shopify-admin.ts";

const { schema, rules } = loadAdminSchema();
const appToml = parseToml(readFileSync(new URL("../../../shopify.app.toml", import.meta.url), "utf8"));
const { scopes, optional_scopes: optionalScopes } = z
  .object({ access_scopes: z.object({ scopes: z.string(), optional_scopes: z.array(z.string()) }) })
  .parse(appToml).access_scopes;
const grantedScopes = scopes.split(",");
/** What an operation may need that only some shops grant: those that turned its feature on. */
const OPTIONAL_OF: Readonly<Record<string, readonly string[]>> = {
  StoreCreditGive: scopesOfKind("store_credit"),
  StoreCreditLook: scopesOfKind("store_credit"),
  GiftCardMake: scopesOfKind("gift_card"),
  GiftCardLook: scopesOfKind("gift_card"),
  StoreCreditsById: scopesOfKind("store_credit"),
  GiftCardsById: scopesOfKind("gift_card"),
  DisputesById: ["read_shopify_payments_disputes"],
};

/** What the dearest call of an operation asks for, where its size is told by its variables. */
const DEAREST: Readonly<Record<string, Record<string, unknown>>> = {
  Order: { lines: LINES_READ_MAX },
  Evidence: { orders: ["1"], friends: ["1"], referrers: ["1"], lines: LINES_READ_MAX },
};

/** Deprecated at Shopify, with no replacement in the version that the app is pinned to. */
const KNOWN_DEPRECATED = ["Shop.domains"];

function fieldsUsed(document: DocumentNode): string[] {
  const typeInfo = new TypeInfo(schema);
  const used = new Set<string>();
  const collect = {
    Field: () => {
      const [parent, field] = [typeInfo.getParentType(), typeInfo.getFieldDef()];
      if (parent && field) used.add(`${parent.name}.${field.name}`).add(parent.name);
    },
  };
  visit(document, visitWithTypeInfo(typeInfo, collect));
  return [...used];
}

function deprecatedFields(document: DocumentNode): string[] {
  const typeInfo = new TypeInfo(schema);
  const found: string[] = [];
  const collect = {
    Field: () => {
      const [parent, field] = [typeInfo.getParentType(), typeInfo.getFieldDef()];
      if (parent && field?.deprecationReason != null) found.push(`${parent.name}.${field.name}`);
    },
  };
  visit(document, visitWithTypeInfo(typeInfo, collect));
  return found;
}

test.each(ADMIN_OPERATIONS)("operation $name is valid against Shopify's published schema", (operation) => {
  expect(validate(schema, parse(operation.document)).map((error) => error.message)).toEqual([]);
});

test.each(ADMIN_OPERATIONS)("operation $name carries the name and the kind it says", (operation) => {
  const node = getOperationAST(parse(operation.document), operation.name);
  expect(node?.operation).toBe(operation.kind === "change" ? "mutation" : "query");
});

function refusedWith(granted: readonly string[], operation: AdminOperation<unknown>): string[] {
  return fieldsUsed(parse(operation.document)).filter((key) => {
    const rule = rules.get(key);
    return rule !== undefined && !isAllowed(granted, rule.requirement);
  });
}

test.each(ADMIN_OPERATIONS)("operation $name needs no scope beyond those of shopify.app.toml", (operation) => {
  const optional = OPTIONAL_OF[operation.name] ?? [];
  expect(optionalScopes).toEqual(expect.arrayContaining([...optional]));
  expect(refusedWith([...grantedScopes, ...optional], operation)).toEqual([]);
  // Each optional scope is asked for because it is needed.
  if (optional.length > 0) expect(refusedWith(grantedScopes, operation)).not.toEqual([]);
});

function costOf(operation: AdminOperation<unknown>, variables: Record<string, unknown>): number {
  const document = parse(operation.document);
  const node = getOperationAST(document, operation.name);
  if (!node) throw new Error("the operation is in its document");
  return requestedCost(schema, document, node, variables);
}

test.each(ADMIN_OPERATIONS)(
  "operation $name stays within its cost budget, which stays within Shopify's",
  (operation) => {
    const cost = costOf(operation, DEAREST[operation.name] ?? {});
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(operation.costMax);
    expect(operation.costMax).toBeLessThanOrEqual(QUERY_COST_MAX);
  },
);

test("as many referrals as one call reads stay within what Shopify lets a call cost, and one more would not", () => {
  const variables = (count: number) => {
    const ids = Array.from({ length: count }, (_, n) => String(n));
    return { orders: ids, friends: ids, referrers: ids, lines: LINES_OF_EACH_MAX };
  };
  expect(costOf(evidenceOfManyOperation, variables(REFERRALS_AT_ONCE_MAX))).toBeLessThanOrEqual(QUERY_COST_MAX);
  expect(costOf(evidenceOfManyOperation, variables(REFERRALS_AT_ONCE_MAX + 1))).toBeGreaterThan(QUERY_COST_MAX);
});

test.each(ADMIN_OPERATIONS)("operation $name asks for nothing deprecated that has a replacement", (operation) => {
  expect(deprecatedFields(parse(operation.document)).filter((field) => !KNOWN_DEPRECATED.includes(field))).toEqual([]);
});

test.each(ADMIN_OPERATIONS)("operation $name becomes invalid when any one of its field names changes", (operation) => {
  const document = parse(operation.document);
  const names = new Set<string>();
  visit(document, { Field: (node) => void names.add(node.name.value) });
  for (const name of names) {
    const changed = visit(document, {
      Field: (node) => (node.name.value === name ? { ...node, name: { ...node.name, value: `${name}X` } } : undefined),
    });
    expect(validate(schema, changed), name).not.toEqual([]);
  }
});

test("the scope check refuses a field whose scope the app does not have", () => {
  const used = fieldsUsed(parse("{ giftCards(first: 1) { nodes { id } } }"));
  expect(used.some((key) => !isAllowed(grantedScopes, rules.get(key)?.requirement ?? []))).toBe(true);
});

const NOTHING_PERSONAL = { email: null, phone: null, clientIp: null, customerLocale: null, customer: null };
/** An order with a code of ours, whose amount has to be asked for. */
const CHANGED_ORDER = {
  id: "gid://shopify/Order/1",
  createdAt: "2026-11-20T10:00:00Z",
  processedAt: "2026-11-20T10:00:00Z",
  updatedAt: "2026-11-20T10:00:00Z",
  cancelledAt: null,
  test: false,
  displayFinancialStatus: "PAID",
  sourceName: "web",
  cartToken: null,
  checkoutToken: null,
  discountCodes: ["AAAABBBBCCCCDDDD"],
  edited: false,
  currentSubtotalLineItemsQuantity: 1,
  subtotalLineItemsQuantity: 1,
  customAttributes: [],
  totalPriceSet: { shopMoney: { amount: "10.00", currencyCode: "GBP" } },
  customerJourneySummary: null,
  shippingAddress: null,
  transactions: [],
  refunds: [],
  ...NOTHING_PERSONAL,
};

const AMOUNT = { shopMoney: { amount: "10.00" } };
/** An order with more lines than one call reads. */
const LONG_ORDER = {
  ...CHANGED_ORDER,
  fullyPaid: true,
  currencyCode: "GBP",
  taxesIncluded: true,
  totalPriceSet: AMOUNT,
  currentTotalPriceSet: AMOUNT,
  totalRefundedSet: AMOUNT,
  totalTipReceivedSet: AMOUNT,
  lineItems: { nodes: [], pageInfo: { hasNextPage: true, endCursor: "cursor" } },
  billingAddress: null,
  risk: { recommendation: "ACCEPT", assessments: [] },
};

/** What one call has to be told so that the next one is made. */
const ANSWERS: Readonly<Record<string, object>> = {
  ChangedOrders: { orders: { nodes: [CHANGED_ORDER], pageInfo: { hasNextPage: false, endCursor: null } } },
  WebPixelCreate: { webPixelCreate: { webPixel: null, userErrors: [{ code: "TAKEN" }] } },
  WebPixelLook: { webPixel: { id: "gid://shopify/WebPixel/1", settings: '{"appUrl":"https://old.example.com"}' } },
  Order: { order: LONG_ORDER },
  RedeemCodeIds: {
    node: {
      codeDiscount: { codes: { nodes: [{ id: "gid://shopify/DiscountRedeemCode/1", code: "AAAABBBBCCCCDDDD" }] } },
    },
  },
};

/** Calls the adapter with a fetch that keeps what was sent and answers nothing else of use. */
function captureCalls() {
  const sent: { query: string; variables: Record<string, unknown>; operationName: string }[] = [];
  const Body = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()), operationName: z.string() });
  let nowMs = 0;
  const logger = { warn: () => undefined } as unknown as Logger; // the port is used for one method here
  const admin = createShopifyAdmin({
    fetch: (_url, init) => {
      const call = Body.parse(JSON.parse(z.string().parse(init?.body)));
      sent.push(call);
      return Promise.resolve(Response.json({ data: ANSWERS[call.operationName] ?? {} }));
    },
    accessTokenFor: () => Promise.resolve({ outcome: "ok", token: "token" }),
    // A minute between two calls: the budget is whole for each.
    limiter: createCostLimiter({ nowMs: () => (nowMs += 60_000), sleepMs: () => Promise.resolve() }),
    logger,
    sleepMs: () => Promise.resolve(),
  }).forShop("shop", "freshbox.myshopify.com");
  return { sent, admin };
}

test("every call sends variables that Shopify's published schema accepts", async () => {
  const { sent, admin } = captureCalls();
  const draft = {
    title: "Goodword v1-s1-2027-03-01",
    firstCode: "AAAABBBBCCCCDDDD",
    startsAt: new Date("2026-11-20T10:00:00Z"),
    endsAt: new Date("2027-03-01T00:00:00Z"),
    combinesWith: { order: true, product: false, shipping: true },
  };
  await admin.shopFacts();
  await admin.knownCustomers("cursor");
  await admin.readCustomer("6123456789012");
  await admin.readPerson("6123456789012");
  await admin.readOrder("6123456789012");
  await admin.boughtWith("6123456789012");
  await admin.readEvidence([{ orderId: "6123456789012", friendCustomerId: "1", referrerCustomerId: "2" }]);
  await admin.discountsById(["gid://shopify/DiscountCodeNode/1"]);
  await admin.codesOfDiscount({ discountId: "gid://shopify/DiscountCodeNode/1", after: "cursor" });
  for (const form of ["GiftCard", "StoreCreditAccountCreditTransaction"] as const)
    await admin.creditsById(form === "GiftCard" ? "gift_card" : "store_credit", [`gid://shopify/${form}/1`]);
  await admin.orderStandings(["6123456789012"]);
  await admin.disputesById(["6123456789012"]);
  await admin.changedOrders({ since: draft.startsAt, after: "cursor" });
  await admin.findCode("AAAABBBBCCCCDDDD");
  await admin.addCodes("gid://shopify/DiscountCodeNode/1", ["AAAABBBBCCCCDDDD"]);
  await admin.pollCodes("gid://shopify/DiscountRedeemCodeBulkCreation/1");
  await admin.codeResults("gid://shopify/DiscountRedeemCodeBulkCreation/1");
  await admin.codesUnder("gid://shopify/DiscountCodeNode/1", ["AAAABBBBCCCCDDDD"]);
  await admin.withdrawCodes("gid://shopify/DiscountCodeNode/1", ["AAAABBBBCCCCDDDD"]);
  await admin.createDiscountParent({ ...draft, worth: { kind: "fixed", amount: "10.00" } });
  await admin.createDiscountParent({ ...draft, endsAt: null, oncePerCustomer: true, worth: { kind: "free_shipping" } });
  await admin.createDiscountParent({
    ...draft,
    onlyFor: "6123456789012",
    worth: { kind: "percent", basisPoints: 1250 },
  });
  await admin.createDiscountParent({ ...draft, worth: { kind: "free_shipping" } });
  const credit = { customerId: "6123456789012", currency: "GBP", expiresAt: draft.endsAt };
  await admin.giveStoreCredit({ ...credit, amount: "10.00" });
  await admin.findStoreCredit(credit);
  await admin.createGiftCard({ ...credit, code: "AAAABBBBCCCCDDDD", amount: "10.00", note: "Goodword reward" });
  await admin.findGiftCard("AAAABBBBCCCCDDDD");
  await admin.activatePixel({ appUrl: "https://goodword.example.com" });
  await admin.triggerFlow("referral-rewarded", { customer_id: 6123456789012 });

  const byName = new Map<string, AdminOperation<unknown>>(
    ADMIN_OPERATIONS.map((operation) => [operation.name, operation]),
  );
  expect(new Set(sent.map((call) => call.operationName))).toEqual(new Set(byName.keys()));
  for (const call of sent) {
    const node = getOperationAST(parse(call.query), call.operationName);
    const values = getVariableValues(schema, node?.variableDefinitions ?? [], call.variables);
    expect(
      values.errors?.map((error) => error.message),
      call.operationName,
    ).toBeUndefined();
  }
});
