import { STAFF_USER_ID } from "../../oauth/session-tokens.ts";
import { gid } from "../../world/ids.ts";
import { exponentOf, printMinor } from "../../world/money.ts";
import type { Order, Refund, RefundLine, Shop, Transaction } from "../../world/types.ts";
import { lineItemOfRefund } from "./line-item.ts";
import { priceSet, shopTime, type Json } from "./parts.ts";

/** A refund as `refunds/create` and the order's `refunds` carry it. A bare amount has no refund lines. */
export function refundPayload(shop: Shop, order: Order, refund: Refund): Record<string, Json> {
  const at = shopTime(shop, refund.createdAt);
  return {
    id: Number(refund.id),
    order_id: Number(order.id),
    created_at: at,
    note: refund.note,
    user_id: Number(STAFF_USER_ID),
    processed_at: at,
    duties: [],
    total_duties_set: priceSet(shop, 0n),
    return: null,
    refund_shipping_lines: [],
    restock: refund.lines.length > 0,
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: [],
    refund_line_items: refund.lines.map((line) => refundLine(shop, order, line)),
    transactions: refund.transactions.map((transaction) => refundTransaction(shop, order, transaction)),
  };
}

function refundLine(shop: Shop, order: Order, refundLineItem: RefundLine): Json {
  const line = order.lines.find((candidate) => candidate.id === refundLineItem.lineId);
  return {
    id: Number(refundLineItem.id),
    quantity: refundLineItem.quantity,
    line_item_id: Number(refundLineItem.lineId),
    location_id: null,
    restock_type: "return",
    subtotal: asNumber(shop, refundLineItem.subtotalMinor),
    total_tax: asNumber(shop, refundLineItem.taxMinor),
    subtotal_set: priceSet(shop, refundLineItem.subtotalMinor),
    total_tax_set: priceSet(shop, refundLineItem.taxMinor),
    line_item: line === undefined ? null : lineItemOfRefund(shop, line),
  };
}

function refundTransaction(shop: Shop, order: Order, transaction: Transaction): Json {
  const at = shopTime(shop, transaction.createdAt);
  const unsettled = { amount: "0.0", currency: "XXX" };
  return {
    id: Number(transaction.id),
    order_id: Number(order.id),
    kind: transaction.kind.toLowerCase(),
    gateway: transaction.gateway,
    status: transaction.status.toLowerCase(),
    message: "Transaction approved",
    created_at: at,
    test: order.test,
    authorization: null,
    location_id: null,
    user_id: null,
    parent_id: transaction.parentId === null ? null : Number(transaction.parentId),
    processed_at: at,
    device_id: null,
    error_code: null,
    source_name: "web",
    receipt: {},
    amount: printMinor(transaction.amountMinor, shop.currency),
    currency: shop.currency,
    payment_id: `#${order.number}.1`,
    total_unsettled_set: { presentment_money: unsettled, shop_money: unsettled },
    manual_payment_gateway: false,
    amount_rounding: null,
    admin_graphql_api_id: gid("OrderTransaction", transaction.id),
  };
}

/** Shopify prints these two as JSON numbers. */
function asNumber(shop: Shop, minor: bigint): number {
  return Number(minor) / 10 ** exponentOf(shop.currency);
}
