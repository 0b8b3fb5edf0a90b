import { expect, test } from "vitest";
import type { OrderNode } from "./operations/orders.graphql.ts";
import type { AdminTransport } from "./transport.ts";
import { wholeOrder } from "./whole-order.ts";

const SHOP = { shopId: "shop", domain: "freshbox.myshopify.com" };
const amount = { shopMoney: { amount: "1.00" } };
const at = new Date("2026-11-20T10:00:00Z");
const more = { hasNextPage: true, endCursor: "cursor" };

const NODE: OrderNode = {
  id: "gid://shopify/Order/1",
  createdAt: at,
  processedAt: at,
  updatedAt: at,
  cancelledAt: null,
  test: false,
  fullyPaid: true,
  displayFinancialStatus: "PAID",
  sourceName: "web",
  currencyCode: "GBP",
  taxesIncluded: true,
  email: null,
  phone: null,
  clientIp: null,
  discountCodes: [],
  customAttributes: [],
  customer: null,
  totalPriceSet: amount,
  currentTotalPriceSet: amount,
  totalRefundedSet: amount,
  totalTipReceivedSet: amount,
  lineItems: { nodes: [], pageInfo: more },
  shippingAddress: null,
  billingAddress: null,
  risk: { recommendation: "ACCEPT", assessments: [] },
  transactions: [],
};

/** A Shopify that answers every page of lines with this; the asked count says how often. */
function answering(answer: unknown) {
  const asked = { count: 0 };
  const read = () => {
    asked.count += 1;
    return Promise.resolve(answer);
  };
  return { asked, transport: { read } as unknown as AdminTransport }; // the port is used for one method here
}

test("wholeOrder says of an order that went away while it was read that lines are missing", async () => {
  const { transport } = answering({ outcome: "ok", data: { order: null } });
  expect(await wholeOrder(transport, SHOP, NODE)).toMatchObject({ outcome: "ok", order: { linesTruncated: true } });
});

test("wholeOrder ends with an order whose lines do not", async () => {
  const { transport, asked } = answering({
    outcome: "ok",
    data: { order: { lineItems: { nodes: [], pageInfo: more } } },
  });
  expect(await wholeOrder(transport, SHOP, NODE)).toMatchObject({ outcome: "ok", order: { linesTruncated: true } });
  expect(asked.count).toBe(20);
});

test("wholeOrder passes on that Shopify cannot be asked", async () => {
  const { transport } = answering({ outcome: "refused", code: "ACCESS_DENIED" });
  expect(await wholeOrder(transport, SHOP, NODE)).toEqual({ outcome: "refused", code: "ACCESS_DENIED" });
});
