import type { Customer, Discount, Dispute, Order, RedeemCode, Refund, Shop } from "./types.ts";

type CustomerTopic = "customers/create" | "customers/update" | "customers/enable" | "customers/delete";
type OrderTopic = "orders/create" | "orders/paid" | "orders/updated" | "orders/cancelled" | "orders/delete";
type ShopTopic = "shop/update" | "domains/update" | "app/uninstalled" | "shop/redact";

/** Something happened in a shop that Shopify tells apps about. The topic says what, the rest says to whom. */
export type Happening =
  | { readonly topic: CustomerTopic; readonly customer: Customer }
  | { readonly topic: "customers/merge"; readonly keptId: string; readonly deletedId: string }
  | {
      readonly topic: "customers/redact" | "customers/data_request";
      readonly customer: Customer;
      readonly orderIds: readonly string[];
    }
  | { readonly topic: OrderTopic; readonly order: Order }
  | {
      readonly topic: "orders/edited";
      readonly order: Order;
      readonly additions: readonly LineDelta[];
      readonly removals: readonly LineDelta[];
    }
  | { readonly topic: "orders/risk_assessment_changed"; readonly order: Order }
  | { readonly topic: "refunds/create"; readonly order: Order; readonly refund: Refund }
  | { readonly topic: "disputes/create" | "disputes/update"; readonly order: Order; readonly dispute: Dispute }
  | { readonly topic: "discounts/delete"; readonly discount: Discount }
  | { readonly topic: "discounts/redeemcode_removed"; readonly discount: Discount; readonly code: RedeemCode }
  | { readonly topic: ShopTopic }
  | { readonly topic: "app/scopes_update"; readonly previous: readonly string[]; readonly current: readonly string[] };

export type Topic = Happening["topic"];

export type LineDelta = { readonly lineId: string; readonly delta: number };

/** Told synchronously, in the order things happen, with the state as it is at that moment. */
export type Listener = (shop: Shop, happening: Happening) => void;
