import { ordersOf } from "../../world/customer-orders.ts";
import { gid } from "../../world/ids.ts";
import { financialStatus, orderTotals } from "../../world/order-totals.ts";
import type { DiscountApplication, DiscountValue, Order } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { addressView } from "./address.ts";
import { customerView } from "./customer.ts";
import { lineItemView } from "./line-item.ts";
import { dateTime, money, moneyBag } from "./money.ts";
import { refundView } from "./refund.ts";
import { transactionView } from "./transaction.ts";
import { storefrontUrl } from "../../world/shops.ts";

const JOURNEY_READY_AFTER_MS = 60_000;
const JOURNEY_WINDOW_MS = 30 * 86_400_000;

/** `Order`. */
export function orderView(call: Call, order: Order): View {
  return { ...facts(order), ...amounts(call, order), ...people(call, order), ...parts(call, order) };
}

function facts(order: Order): View {
  const status = financialStatus(order);
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: order.id,
    name: `#${order.number}`,
    number: order.number,
    createdAt: dateTime(order.createdAt),
    processedAt: dateTime(order.processedAt),
    updatedAt: dateTime(order.updatedAt),
    cancelledAt: dateTime(order.cancelledAt),
    cancelReason: order.cancelReason,
    closedAt: null,
    closed: false,
    confirmed: true,
    confirmationNumber: order.token.slice(0, 9).toUpperCase(),
    edited: order.edited,
    test: order.test,
    displayFinancialStatus: status,
    displayFulfillmentStatus: "UNFULFILLED",
    fullyPaid: status === "PAID",
    unpaid: status === "PENDING",
    refundable: status === "PAID" || status === "PARTIALLY_REFUNDED",
    sourceName: order.sourceName,
    sourceIdentifier: null,
    note: null,
    tags: [],
    paymentGatewayNames: [order.gateway],
    cartToken: order.cartToken,
    checkoutToken: order.checkoutToken,
    clientIp: order.clientIp,
    customerLocale: order.locale,
    customAttributes: order.noteAttributes.map(({ name, value }) => ({ key: name, value })),
    discountCode: order.discountApplications[0]?.code ?? null,
    discountCodes: order.discountApplications.map(({ code }) => code),
    risk: riskView(order),
    disputes: order.disputes.map((dispute) => ({
      id: gid("OrderDispute", dispute.id),
      initiatedAs: "CHARGEBACK",
      status: dispute.status,
    })),
  };
}

function amounts(call: Call, order: Order): View {
  const { shop } = call;
  const totals = orderTotals(order);
  // Most queries ask for two or three of them.
  const bag = (minor: bigint) => (): View => moneyBag(shop, minor);
  const outstanding = totals.totalMinor > totals.receivedMinor ? totals.totalMinor - totals.receivedMinor : 0n;
  return {
    currencyCode: shop.currency,
    presentmentCurrencyCode: shop.currency,
    taxesIncluded: order.taxesIncluded,
    dutiesIncluded: false,
    estimatedTaxes: false,
    taxExempt: false,
    totalPriceSet: bag(totals.totalMinor),
    originalTotalPriceSet: bag(totals.totalMinor),
    subtotalPriceSet: bag(totals.subtotalMinor),
    totalDiscountsSet: bag(totals.discountMinor),
    totalTaxSet: bag(totals.taxMinor),
    totalShippingPriceSet: bag(order.shippingMinor),
    totalTipReceivedSet: bag(0n),
    totalReceivedSet: bag(totals.receivedMinor),
    totalRefundedSet: bag(totals.refundedMinor),
    totalRefundedShippingSet: bag(0n),
    totalOutstandingSet: bag(order.cancelledAt === null ? outstanding : 0n),
    netPaymentSet: bag(totals.receivedMinor - totals.refundedMinor),
    currentTotalPriceSet: bag(totals.currentTotalMinor),
    currentSubtotalPriceSet: bag(totals.currentSubtotalMinor),
    currentTotalDiscountsSet: bag(totals.currentDiscountMinor),
    currentTotalTaxSet: bag(totals.currentTaxMinor),
    currentShippingPriceSet: bag(order.shippingMinor),
    currentSubtotalLineItemsQuantity: order.lines.reduce((sum, line) => sum + line.currentQuantity, 0),
    subtotalLineItemsQuantity: order.lines.reduce((sum, line) => sum + line.quantity, 0),
  };
}

function people(call: Call, order: Order): View {
  const customer = order.customerId === null ? undefined : call.shop.customers.get(order.customerId);
  return {
    customer: () => (customer === undefined ? null : customerView(call, customer)),
    email: order.email,
    phone: order.phone,
    shippingAddress: addressView(order.shippingAddress),
    billingAddress: addressView(order.billingAddress),
    displayAddress: addressView(order.shippingAddress ?? order.billingAddress),
    billingAddressMatchesShippingAddress: order.billingAddress?.id === order.shippingAddress?.id,
    statusPageUrl: () =>
      `${storefrontUrl(call.shop)}/${call.shop.id}/orders/${order.token}/authenticate?key=${order.token.slice(0, 7)}`,
    customerJourneySummary: () => journeyView(call, order),
  };
}

function parts(call: Call, order: Order): View {
  const { shop } = call;
  return {
    lineItems: (args: PageArgs) =>
      connection(order.lines, args, { key: (line) => line.id, view: (line) => lineItemView(call, order, line) }),
    shippingLines: (args: PageArgs) =>
      connection([order.id], args, { key: (id) => id, view: () => shippingLineView(call, order) }),
    transactions: ({ first }: PageArgs) =>
      order.transactions.slice(0, first ?? undefined).map((entry) => transactionView(call, order, entry)),
    transactionsCount: { count: order.transactions.length, precision: "EXACT" },
    refunds: ({ first }: PageArgs) =>
      order.refunds.slice(0, first ?? undefined).map((refund) => refundView(call, order, refund)),
    discountApplications: (args: PageArgs) =>
      connection(
        order.discountApplications.map((application, index) => ({ application, index })),
        args,
        {
          key: ({ index }) => String(index),
          view: ({ application, index }) => discountApplicationView(call, application, index),
        },
      ),
    currentTaxLines: () => [
      {
        title: "VAT",
        rate: shop.taxRate,
        ratePercentage: shop.taxRate * 100,
        priceSet: moneyBag(shop, orderTotals(order).currentTaxMinor),
      },
    ],
    taxLines: () => [
      {
        title: "VAT",
        rate: shop.taxRate,
        ratePercentage: shop.taxRate * 100,
        priceSet: moneyBag(shop, orderTotals(order).taxMinor),
      },
    ],
  };
}

/** `ShippingLine`: one for each order; free delivery by a code is allocated to it. */
function shippingLineView(call: Call, order: Order): View {
  const allocations = order.discountApplications.flatMap((application, index) =>
    application.value.kind === "free_shipping" ? [{ application, index }] : [],
  );
  return {
    __typename: "ShippingLine",
    title: "Standard",
    discountAllocations: allocations.map(({ application, index }) => ({
      allocatedAmountSet: moneyBag(call.shop, application.totalMinor),
      discountApplication: discountApplicationView(call, application, index),
    })),
  };
}

/** `DiscountCodeApplication`. */
export function discountApplicationView(call: Call, application: DiscountApplication, index: number): View {
  const { value } = application;
  return {
    __typename: "DiscountCodeApplication",
    code: application.code,
    index,
    allocationMethod: value.kind === "amount" && value.onEachItem ? "EACH" : "ACROSS",
    targetSelection: "ALL",
    targetType: value.kind === "free_shipping" ? "SHIPPING_LINE" : "LINE_ITEM",
    value: pricingValue(call, value),
  };
}

function pricingValue(call: Call, value: DiscountValue): View {
  if (value.kind === "amount") return money(call.shop, value.amountMinor);
  return {
    __typename: "PricingPercentageValue",
    percentage: value.kind === "percentage" ? value.basisPoints / 100 : 100,
  };
}

const RISK_LEVELS = { ACCEPT: "LOW", INVESTIGATE: "MEDIUM", CANCEL: "HIGH", NONE: "NONE", PENDING: "PENDING" } as const;

/** While the assessment is pending there is no recommendation yet. */
function riskView(order: Order): View {
  return {
    recommendation: order.risk === "PENDING" ? "NONE" : order.risk,
    assessments: [{ riskLevel: RISK_LEVELS[order.risk], facts: [], provider: null }],
  };
}

/** The journey is worked out later and looks back 30 days. */
function journeyView(call: Call, order: Order): View {
  const ageMs = call.world.clock.now().getTime() - order.createdAt.getTime();
  if (ageMs < JOURNEY_READY_AFTER_MS)
    return { ready: false, customerOrderIndex: null, daysToConversion: null, firstVisit: null, lastVisit: null };
  const all = order.customerId === null ? [] : ordersOf(call.shop, order.customerId);
  const earlier = all.filter((other) => other.createdAt < order.createdAt);
  const visit =
    order.landingSite === null || ageMs > JOURNEY_WINDOW_MS ? null : visitView(call, order, order.landingSite);
  return { ready: true, customerOrderIndex: earlier.length, daysToConversion: 0, firstVisit: visit, lastVisit: visit };
}

function visitView(call: Call, order: Order, landingSite: string): View {
  const url = new URL(landingSite, storefrontUrl(call.shop));
  return {
    __typename: "CustomerVisit",
    id: gid("CustomerVisit", order.id),
    landingPage: url.href,
    occurredAt: dateTime(order.createdAt),
    referralCode: url.searchParams.get("ref"),
    referrerUrl: order.referringSite,
    source: order.referringSite === null ? "direct" : new URL(order.referringSite).hostname,
    utmParameters: null,
  };
}
