import { gid } from "../../world/ids.ts";
import { printMinor } from "../../world/money.ts";
import { financialStatus, orderTotals, type OrderTotals } from "../../world/order-totals.ts";
import { storefrontUrl } from "../../world/shops.ts";
import type { DiscountApplication, DiscountValue, Order, Shop } from "../../world/types.ts";
import { customerPayload } from "./customer.ts";
import { lineItem, taxLines } from "./line-item.ts";
import { orderAddress, priceSet, protectedValue, shopTime, type Json } from "./parts.ts";
import { refundPayload } from "./refund.ts";

/** A whole order as every orders/* topic carries it (2026-10), before `include_fields`. */
export function orderPayload(shop: Shop, order: Order): Record<string, Json> {
  const totals = orderTotals(order);
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  return {
    ...identity(shop, order),
    ...context(shop, order),
    ...amounts(shop, order, totals),
    billing_address: orderAddress(shop, order.billingAddress),
    customer: customer === undefined ? null : customerPayload(shop, customer, { addresses: false }),
    discount_applications: order.discountApplications.map((application) => discountApplication(shop, application)),
    fulfillments: [],
    line_items: order.lines.map((line) => lineItem(shop, line)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundPayload(shop, order, refund)),
    shipping_address: orderAddress(shop, order.shippingAddress),
    shipping_lines: [],
    returns: [],
    line_item_groups: [],
  };
}

function identity(shop: Shop, order: Order): Record<string, Json> {
  const time = (instant: Date | null): string | null => (instant === null ? null : shopTime(shop, instant));
  return {
    id: Number(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    app_id: 580111,
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    cancelled_at: time(order.cancelledAt),
    closed_at: null,
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    created_at: time(order.createdAt),
    processed_at: time(order.processedAt),
    updated_at: time(order.updatedAt),
    financial_status: financialStatus(order).toLowerCase(),
    fulfillment_status: null,
    name: `#${order.number}`,
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: protectedValue(
      shop,
      `${storefrontUrl(shop)}/${shop.id}/orders/${order.token}/authenticate?key=${order.token.slice(0, 7)}`,
    ),
    token: order.token,
    test: order.test,
    user_id: null,
  };
}

function context(shop: Shop, order: Order): Record<string, Json> {
  const online = order.sourceName === "web";
  return {
    browser_ip: order.clientIp,
    buyer_accepts_marketing: false,
    cart_token: order.cartToken,
    checkout_token: order.checkoutToken,
    client_details: online
      ? {
          accept_language: order.acceptLanguage,
          browser_height: null,
          browser_ip: order.clientIp,
          browser_width: null,
          session_hash: null,
          user_agent: order.userAgent,
        }
      : null,
    contact_email: protectedValue(shop, order.email),
    customer_locale: order.locale,
    device_id: null,
    email: protectedValue(shop, order.email),
    phone: protectedValue(shop, order.phone),
    landing_site: order.landingSite,
    landing_site_ref: null,
    location_id: null,
    merchant_business_entity_id: "MTU0ODM4MDAwOQ",
    merchant_of_record_app_id: null,
    note: null,
    note_attributes: order.noteAttributes.map(({ name, value }) => ({ name, value })),
    payment_gateway_names: [order.gateway],
    po_number: null,
    reference: null,
    referring_site: order.referringSite,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    tags: "",
  };
}

function amounts(shop: Shop, order: Order, totals: OrderTotals): Record<string, Json> {
  const print = (minor: bigint): string => printMinor(minor, shop.currency);
  const set = (minor: bigint): Json => priceSet(shop, minor);
  const outstanding =
    order.cancelledAt === null && totals.receivedMinor < totals.totalMinor
      ? totals.totalMinor - totals.receivedMinor
      : 0n;
  return {
    currency: shop.currency,
    presentment_currency: shop.currency,
    current_shipping_price_set: set(order.shippingMinor),
    current_subtotal_price: print(totals.currentSubtotalMinor),
    current_subtotal_price_set: set(totals.currentSubtotalMinor),
    current_total_additional_fees_set: null,
    current_total_discounts: print(totals.currentDiscountMinor),
    current_total_discounts_set: set(totals.currentDiscountMinor),
    current_total_duties_set: null,
    current_total_price: print(totals.currentTotalMinor),
    current_total_price_set: set(totals.currentTotalMinor),
    current_total_tax: print(totals.currentTaxMinor),
    current_total_tax_set: set(totals.currentTaxMinor),
    discount_codes: order.discountApplications.map((application) => ({
      code: application.code,
      amount: print(application.totalMinor),
      type: CODE_TYPES[application.value.kind],
    })),
    duties_included: false,
    estimated_taxes: false,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    subtotal_price: print(totals.subtotalMinor),
    subtotal_price_set: set(totals.subtotalMinor),
    tax_exempt: false,
    tax_lines: taxLines(shop, { taxMinor: totals.taxMinor, taxRate: shop.taxRate }),
    taxes_included: order.taxesIncluded,
    total_cash_rounding_payment_adjustment_set: set(0n),
    total_cash_rounding_refund_adjustment_set: set(0n),
    total_discounts: print(totals.discountMinor),
    total_discounts_set: set(totals.discountMinor),
    total_line_items_price: print(totals.grossMinor),
    total_line_items_price_set: set(totals.grossMinor),
    total_outstanding: print(outstanding),
    total_price: print(totals.totalMinor),
    total_price_set: set(totals.totalMinor),
    total_shipping_price_set: set(order.shippingMinor),
    total_tax: print(totals.taxMinor),
    total_tax_set: set(totals.taxMinor),
    total_tip_received: print(0n),
    total_weight: 0,
  };
}

const CODE_TYPES = { percentage: "percentage", amount: "fixed_amount", free_shipping: "shipping" } as const;

function discountApplication(shop: Shop, application: DiscountApplication): Json {
  const { value } = application;
  return {
    target_type: value.kind === "free_shipping" ? "shipping_line" : "line_item",
    type: "discount_code",
    value: value.kind === "amount" ? printMinor(value.amountMinor, shop.currency) : percentText(value),
    value_type: value.kind === "amount" ? "fixed_amount" : "percentage",
    allocation_method: value.kind === "amount" && value.onEachItem ? "each" : "across",
    target_selection: "all",
    code: application.code,
  };
}

function percentText(value: Exclude<DiscountValue, { kind: "amount" }>): string {
  return value.kind === "free_shipping" ? "100.0" : (value.basisPoints / 100).toFixed(1);
}
