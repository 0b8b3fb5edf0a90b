import { gid } from "../../world/ids.ts";
import type { Dispute, Order } from "../../world/types.ts";
import { isOrderVisible, type Call, type View } from "../call.ts";
import { dateTime, money } from "./money.ts";
import { orderView } from "./order.ts";

/** `ShopifyPaymentsDispute`. */
export function disputeView(call: Call, order: Order, dispute: Dispute): View {
  return {
    __typename: "ShopifyPaymentsDispute",
    id: gid("ShopifyPaymentsDispute", dispute.id),
    legacyResourceId: dispute.id,
    amount: money(call.shop, dispute.amountMinor),
    initiatedAt: dateTime(dispute.initiatedAt),
    order: () => (isOrderVisible(call, order) ? orderView(call, order) : null),
    status: dispute.status,
    type: "CHARGEBACK",
  };
}
