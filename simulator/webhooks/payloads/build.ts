import type { Happening } from "../../world/events.ts";
import { gid } from "../../world/ids.ts";
import { printMinor } from "../../world/money.ts";
import type { Customer, Dispute, Order, RiskRecommendation, Shop } from "../../world/types.ts";
import { customerPayload } from "./customer.ts";
import { orderPayload } from "./order.ts";
import { protectedValue, shopTime, type Json } from "./parts.ts";
import { refundPayload } from "./refund.ts";
import { domainPayload, shopPayload } from "./shop.ts";

type OrderHappening = Extract<Happening, { order: unknown }>;
type CustomerHappening = Extract<Happening, { topic: `customers/${string}` }>;

/** Builds the whole payload of what happened, from the state as it is now. `now` is simulated time. */
export function buildPayload(shop: Shop, happening: Happening, now: Date): Record<string, Json> {
  if ("order" in happening) return aboutOrder(shop, happening, shopTime(shop, now));
  switch (happening.topic) {
    case "discounts/delete":
      return {
        admin_graphql_api_id: gid("DiscountCodeNode", happening.discount.id),
        deleted_at: shopTime(shop, now),
      };
    case "discounts/redeemcode_removed":
      return {
        admin_graphql_api_id: gid("DiscountCodeNode", happening.discount.id),
        redeem_code: { id: gid("DiscountRedeemCode", happening.code.id), code: happening.code.code },
        updated_at: now.toISOString(),
      };
    case "shop/redact":
      return whose(shop);
    case "shop/update":
    case "app/uninstalled":
      return shopPayload(shop, now);
    case "domains/update":
      return domainPayload(shop);
    case "app/scopes_update":
      return {
        id: 1,
        shop_id: gid("Shop", shop.id),
        previous: happening.previous,
        current: happening.current,
        updated_at: now.toISOString(),
      };
    case "customers/create":
    case "customers/update":
    case "customers/enable":
    case "customers/delete":
    case "customers/merge":
    case "customers/redact":
    case "customers/data_request":
      return aboutCustomer(shop, happening);
  }
}

function aboutCustomer(shop: Shop, happening: CustomerHappening): Record<string, Json> {
  switch (happening.topic) {
    case "customers/create":
    case "customers/update":
    case "customers/enable":
      return customerPayload(shop, happening.customer, { addresses: true });
    case "customers/delete":
      return {
        id: Number(happening.customer.id),
        tax_exemptions: [],
        admin_graphql_api_id: gid("Customer", happening.customer.id),
      };
    case "customers/merge":
      return {
        admin_graphql_api_customer_kept_id: gid("Customer", happening.keptId),
        admin_graphql_api_customer_deleted_id: gid("Customer", happening.deletedId),
        admin_graphql_api_job_id: null,
        status: "completed",
        errors: [],
      };
    case "customers/redact":
      return {
        ...whose(shop),
        customer: complianceCustomer(shop, happening.customer),
        orders_to_redact: happening.orderIds.map(Number),
      };
    case "customers/data_request":
      return {
        ...whose(shop),
        customer: complianceCustomer(shop, happening.customer),
        orders_requested: happening.orderIds.map(Number),
        data_request: { id: 9999 },
      };
  }
}

function aboutOrder(shop: Shop, happening: OrderHappening, at: string): Record<string, Json> {
  switch (happening.topic) {
    case "orders/create":
    case "orders/paid":
    case "orders/updated":
    case "orders/cancelled":
      return orderPayload(shop, happening.order);
    case "orders/delete":
      return { id: Number(happening.order.id) };
    case "orders/edited":
      return orderEdit(happening, at);
    case "orders/risk_assessment_changed":
      return riskChange(happening.order, at);
    case "refunds/create":
      return refundPayload(shop, happening.order, happening.refund);
    case "disputes/create":
    case "disputes/update":
      return disputePayload(shop, happening.order, happening.dispute);
  }
}

function whose(shop: Shop): Record<string, Json> {
  return { shop_id: Number(shop.id), shop_domain: shop.domain };
}

function complianceCustomer(shop: Shop, customer: Customer): Json {
  return {
    id: Number(customer.id),
    email: protectedValue(shop, customer.email),
    phone: protectedValue(shop, customer.phone),
  };
}

function orderEdit(happening: Extract<Happening, { topic: "orders/edited" }>, at: string): Record<string, Json> {
  const deltas = (list: readonly { lineId: string; delta: number }[]): Json =>
    list.map(({ lineId, delta }) => ({ id: Number(lineId), delta }));
  return {
    order_edit: {
      id: Number(happening.order.id) + 1,
      app_id: null,
      created_at: at,
      committed_at: at,
      notify_customer: false,
      order_id: Number(happening.order.id),
      staff_note: "",
      user_id: null,
      line_items: { additions: deltas(happening.additions), removals: deltas(happening.removals) },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}

const RISK_LEVELS: Readonly<Record<RiskRecommendation, string>> = {
  ACCEPT: "low",
  INVESTIGATE: "medium",
  CANCEL: "high",
  NONE: "none",
  PENDING: "pending",
};

function riskChange(order: Order, at: string): Record<string, Json> {
  return {
    provider_id: null,
    provider_title: "Shopify",
    risk_level: RISK_LEVELS[order.risk],
    created_at: at,
    order_id: Number(order.id),
    admin_graphql_api_order_id: gid("Order", order.id),
  };
}

function disputePayload(shop: Shop, order: Order, dispute: Dispute): Record<string, Json> {
  return {
    id: Number(dispute.id),
    order_id: Number(order.id),
    type: "chargeback",
    amount: printMinor(dispute.amountMinor, shop.currency),
    currency: shop.currency,
    reason: dispute.reason,
    network_reason_code: "4837",
    status: dispute.status.toLowerCase(),
    evidence_due_by: shopTime(shop, new Date(dispute.initiatedAt.getTime() + 7 * 86_400_000)),
    evidence_sent_on: null,
    finalized_on: null,
    initiated_at: shopTime(shop, dispute.initiatedAt),
  };
}
