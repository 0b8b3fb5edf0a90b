import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import type { DisputeFacts, OrderEditedFacts, OrderNoticeFacts, RefundFacts } from "#app/domain/event/shop-facts.ts";
import type { ReversalEvent } from "#app/domain/review/reversal.ts";

/**
 * What an event takes from its order, named so that its second delivery is known; null when it takes nothing. A refund of
 * nothing (goods that were put back in stock) takes nothing, nor does a dispute that the shop won.
 */
export function reversalOf(
  facts: OrderFacts | RefundFacts | DisputeFacts | OrderEditedFacts | OrderNoticeFacts,
): ReversalEvent | null {
  switch (facts.kind) {
    case "order":
      if (facts.cancelledAt === null) return null;
      return { key: `cancelled:${facts.orderId}`, reason: "order_cancelled", amount: null };
    case "refund": {
      if (/^-?[0.]+$/.test(facts.amount)) return null;
      const amount = { text: facts.amount, currency: facts.currency };
      return { key: `refund:${facts.refundId}`, reason: "order_refunded", amount };
    }
    case "dispute": {
      if (facts.status === "won") return null;
      const { amount: text, currency } = facts;
      const amount = text === null || currency === null ? null : { text, currency };
      return { key: `dispute:${facts.disputeId}`, reason: "order_disputed", amount };
    }
    case "order_edited":
      return facts.removes ? { key: `edit:${facts.editId}`, reason: "order_edited", amount: null } : null;
    case "order_deleted":
      return { key: `deleted:${facts.orderId}`, reason: "order_deleted", amount: null };
    case "order_risk":
      return null;
  }
}
