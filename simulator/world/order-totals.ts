import type { Order, OrderLine } from "./types.ts";

export type OrderTotals = {
  /** Lines before discounts, as ordered. */
  readonly grossMinor: bigint;
  readonly discountMinor: bigint;
  readonly subtotalMinor: bigint;
  readonly taxMinor: bigint;
  /** What was to pay when the order was placed. */
  readonly totalMinor: bigint;
  readonly refundedMinor: bigint;
  readonly receivedMinor: bigint;
  /** After edits and refunds of goods. */
  readonly currentSubtotalMinor: bigint;
  readonly currentDiscountMinor: bigint;
  readonly currentTaxMinor: bigint;
  readonly currentTotalMinor: bigint;
};

/** Adds an order up, as it was placed and as it is now. All amounts in the shop's currency, minor units. */
export function orderTotals(order: Order): OrderTotals {
  const grossMinor = total(order.lines, (line) => line.priceMinor * BigInt(line.quantity));
  const discountMinor = total(order.lines, lineDiscountMinor);
  const taxMinor = total(order.lines, (line) => line.taxMinor);
  const refundedMinor = total(order.refunds, (refund) => refund.totalMinor);
  const received = order.transactions.filter(
    (entry) => entry.status === "SUCCESS" && (entry.kind === "SALE" || entry.kind === "CAPTURE"),
  );
  const currentGross = total(order.lines, (line) => line.priceMinor * BigInt(line.currentQuantity));
  const currentDiscountMinor = total(order.lines, (line) => share(line, lineDiscountMinor(line)));
  const currentTaxMinor = total(order.lines, (line) => share(line, line.taxMinor));
  const subtotalMinor = grossMinor - discountMinor;
  const currentSubtotalMinor = currentGross - currentDiscountMinor;
  const extraTax = (amountMinor: bigint): bigint => (order.taxesIncluded ? 0n : amountMinor);
  // An amount-only refund gives money back without goods: Shopify takes it off the current total all the same.
  const goodsRefundedMinor = total(order.refunds, (refund) =>
    total(refund.lines, (line) => line.subtotalMinor + extraTax(line.taxMinor)),
  );
  const looseRefundMinor = refundedMinor > goodsRefundedMinor ? refundedMinor - goodsRefundedMinor : 0n;
  const currentTotal = currentSubtotalMinor + order.shippingMinor + extraTax(currentTaxMinor) - looseRefundMinor;
  return {
    grossMinor,
    discountMinor,
    subtotalMinor,
    taxMinor,
    totalMinor: subtotalMinor + order.shippingMinor + extraTax(taxMinor),
    refundedMinor,
    receivedMinor: total(received, (entry) => entry.amountMinor),
    currentSubtotalMinor,
    currentDiscountMinor,
    currentTaxMinor,
    currentTotalMinor: currentTotal < 0n ? 0n : currentTotal,
  };
}

export type FinancialStatus = "PENDING" | "PAID" | "PARTIALLY_PAID" | "PARTIALLY_REFUNDED" | "REFUNDED" | "VOIDED";

/** Shopify's `displayFinancialStatus`, from the money that moved. */
export function financialStatus(order: Order): FinancialStatus {
  const { receivedMinor, refundedMinor, totalMinor } = orderTotals(order);
  if (refundedMinor > 0n) return refundedMinor >= receivedMinor ? "REFUNDED" : "PARTIALLY_REFUNDED";
  if (order.transactions.some((entry) => entry.kind === "VOID")) return "VOIDED";
  const paid = order.transactions.some((entry) => entry.kind !== "REFUND" && entry.status === "SUCCESS");
  if (!paid) return "PENDING";
  return receivedMinor >= totalMinor ? "PAID" : "PARTIALLY_PAID";
}

/** All discounts on a line, minor units, for the quantity ordered. */
export function lineDiscountMinor(line: OrderLine): bigint {
  return total(line.allocations, (allocation) => allocation.amountMinor);
}

/** The part of a line's amount that belongs to what is left of it. */
function share(line: OrderLine, amountMinor: bigint): bigint {
  return line.quantity === 0 ? 0n : (amountMinor * BigInt(line.currentQuantity)) / BigInt(line.quantity);
}

function total<Item>(items: readonly Item[], amountOf: (item: Item) => bigint): bigint {
  return items.reduce((running, item) => running + amountOf(item), 0n);
}
