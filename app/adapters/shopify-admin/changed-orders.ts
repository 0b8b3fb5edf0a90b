import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import { formatDecimal, parseMoney } from "#app/domain/money/decimal.ts";
import { isRewardCodeLike } from "#app/domain/reward/reward-code.ts";
import type { ReadTrouble } from "#app/usecases/ports.ts";
import type { ChangedOrder, ReconcileCalls } from "#app/usecases/reconcile-ports.ts";
import { idOfGid } from "./ids.ts";
import { changedOrdersOperation, codeAmountsOperation } from "./operations/changed-orders.graphql.ts";
import type { ChangedOrderNode } from "./operations/changed-orders.graphql.ts";
import { paidAtOf } from "./read-order.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };
type CodeAmount = { readonly code: string; readonly amount: string };

/** An order with more lines than this many pages hold is not added up to the end: none is seen in practice. */
const LINE_PAGES_MAX = 20;
const PAID_STATUSES: ReadonlySet<string> = new Set(["PAID", "PARTIALLY_REFUNDED", "REFUNDED"]);

/** The call that finds what changed. Orders with a code of ours are asked for what it took off. */
export function changedOrderCalls(transport: AdminTransport, shop: ShopRef): Pick<ReconcileCalls, "changedOrders"> {
  return {
    async changedOrders({ since, after }) {
      const search = `updated_at:>='${since.toISOString()}'`;
      const answer = await transport.read(shop, changedOrdersOperation, { search, after });
      if (answer.outcome !== "ok") return answer;
      const { nodes, pageInfo } = answer.data.orders;
      const orders: ChangedOrder[] = [];
      for (const node of nodes) {
        const amounts = await amountsOf(transport, shop, node);
        if (amounts.outcome !== "ok") return amounts;
        orders.push(orderOf(node, amounts.amounts));
      }
      return { outcome: "ok", orders, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
    },
  };
}

function orderOf(node: ChangedOrderNode, amounts: ReadonlyMap<string, string>): ChangedOrder {
  const orderId = idOfGid("Order", node.id);
  const isPaid = PAID_STATUSES.has(node.displayFinancialStatus ?? "");
  return {
    orderId,
    createdAt: new Date(node.createdAt),
    updatedAt: new Date(node.updatedAt),
    cancelledAt: node.cancelledAt === null ? null : new Date(node.cancelledAt),
    paidAt: isPaid ? paidAtOf(node.transactions) : null,
    wasReduced: node.edited && node.currentSubtotalLineItemsQuantity < node.subtotalLineItemsQuantity,
    payload: payloadOf(node, orderId, amounts),
    refunds: node.refunds.map((refund) => refundOf(refund, orderId)),
  };
}

/** The order in the shape in which webhooks tell it, so that one extraction reads both. */
function payloadOf(
  node: ChangedOrderNode,
  orderId: string,
  amounts: ReadonlyMap<string, string>,
): ChangedOrder["payload"] {
  const { shopMoney } = node.totalPriceSet;
  return {
    id: orderId,
    created_at: node.createdAt,
    processed_at: node.processedAt,
    updated_at: node.updatedAt,
    cancelled_at: node.cancelledAt,
    test: node.test,
    financial_status: node.displayFinancialStatus?.toLowerCase() ?? null,
    source_name: node.sourceName,
    email: node.email,
    phone: node.phone,
    customer_locale: node.customerLocale,
    cart_token: node.cartToken,
    checkout_token: node.checkoutToken,
    browser_ip: node.clientIp,
    landing_site: node.customerJourneySummary?.lastVisit?.landingPage ?? null,
    note_attributes: node.customAttributes.map(({ key, value }) => ({ name: key, value })),
    discount_codes: node.discountCodes.map((code) => ({ code, amount: amounts.get(code.toUpperCase()) ?? null })),
    total_price_set: { shop_money: { amount: shopMoney.amount, currency_code: shopMoney.currencyCode } },
    customer: customerOf(node.customer),
    shipping_address: addressOf(node.shippingAddress),
  };
}

function customerOf(customer: ChangedOrderNode["customer"]) {
  if (customer === null) return null;
  return {
    id: idOfGid("Customer", customer.id),
    first_name: customer.firstName,
    locale: customer.locale,
    email: customer.defaultEmailAddress?.emailAddress ?? null,
    phone: customer.defaultPhoneNumber?.phoneNumber ?? null,
  };
}

function addressOf(address: ChangedOrderNode["shippingAddress"]) {
  if (address === null) return null;
  const { firstName, lastName, address1, address2, city, zip, countryCodeV2 } = address;
  const names = { first_name: firstName, last_name: lastName };
  return { ...names, address1, address2, city, zip, country_code: countryCodeV2 };
}

function refundOf(refund: ChangedOrderNode["refunds"][number], orderId: string): ChangedOrder["refunds"][number] {
  const refundId = idOfGid("Refund", refund.id);
  const { amount, currencyCode } = refund.totalRefundedSet.shopMoney;
  const transactions = [{ kind: "refund", status: "success", amount, currency: currencyCode }];
  return { refundId, payload: { id: refundId, order_id: orderId, created_at: refund.createdAt, transactions } };
}

type Amounts = { readonly outcome: "ok"; readonly amounts: ReadonlyMap<string, string> } | ReadTrouble;

/** What our codes took off an order, by code; an order without any is not asked about. */
async function amountsOf(transport: AdminTransport, shop: ShopRef, node: ChangedOrderNode): Promise<Amounts> {
  if (!node.discountCodes.some(isRewardCodeLike)) return { outcome: "ok", amounts: new Map() };
  const allocated: CodeAmount[] = [];
  for (let page = 0, after: string | null = null; page < LINE_PAGES_MAX; page += 1) {
    const lines = await allocatedOn(transport, shop, { id: node.id, after });
    if (lines.outcome !== "ok") return lines;
    allocated.push(...lines.allocated);
    after = lines.next;
    if (after === null) break;
  }
  return { outcome: "ok", amounts: sums(allocated, node.totalPriceSet.shopMoney.currencyCode) };
}

type LinesPage = { readonly outcome: "ok"; readonly allocated: readonly CodeAmount[]; readonly next: string | null };

async function allocatedOn(
  transport: AdminTransport,
  shop: ShopRef,
  page: { readonly id: string; readonly after: string | null },
): Promise<LinesPage | ReadTrouble> {
  const answer = await transport.read(shop, codeAmountsOperation, page);
  if (answer.outcome !== "ok") return answer;
  const { order } = answer.data;
  if (order === null) return { outcome: "ok", allocated: [], next: null };
  const { nodes, pageInfo } = order.lineItems;
  // Delivery comes with every page, and counts once.
  const carriers = page.after === null ? [...nodes, ...order.shippingLines.nodes] : nodes;
  const allocated = carriers.flatMap(({ discountAllocations }) =>
    discountAllocations.flatMap(({ allocatedAmountSet, discountApplication: { code } }) =>
      code === undefined ? [] : [{ code: code.toUpperCase(), amount: allocatedAmountSet.shopMoney.amount }],
    ),
  );
  return { outcome: "ok", allocated, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** Adds up by code; a code with an amount that is none in its currency is left without one. */
function sums(allocated: readonly CodeAmount[], currencyText: string): ReadonlyMap<string, string> {
  const currency = parseCurrency(currencyText);
  if (currency === null) return new Map();
  const exponent = exponentOf(currency);
  const totals = new Map<string, bigint | null>();
  for (const { code, amount } of allocated) {
    const parsed = parseMoney(amount, currency, exponent);
    const before = totals.has(code) ? (totals.get(code) ?? null) : 0n;
    totals.set(code, parsed.outcome === "ok" && before !== null ? before + parsed.money.minor : null);
  }
  return new Map(
    [...totals].flatMap(([code, minor]) =>
      minor === null ? [] : [[code, formatDecimal({ minor, currency }, exponent)] as const],
    ),
  );
}
