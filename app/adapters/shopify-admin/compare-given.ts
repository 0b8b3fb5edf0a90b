import type { ReconcileCalls } from "#app/usecases/reconcile-ports.ts";
import { gidOf, idOfGid } from "./ids.ts";
import {
  disputesByIdOperation,
  giftCardsByIdOperation,
  orderStandingsOperation,
  storeCreditsByIdOperation,
} from "./operations/compare-given.graphql.ts";
import type { AdminTransport } from "./transport.ts";

type ShopRef = { readonly shopId: string; readonly domain: string };

/** The calls that read what was given, and the orders that it was given for, as the shop has them. */
export function compareGivenCalls(
  transport: AdminTransport,
  shop: ShopRef,
): Pick<ReconcileCalls, "creditsById" | "orderStandings" | "disputesById"> {
  return {
    async creditsById(form, externalIds) {
      if (form === "gift_card") {
        const answer = await transport.read(shop, giftCardsByIdOperation, { ids: externalIds });
        if (answer.outcome !== "ok") return answer;
        const cards = answer.data.nodes.filter((node) => node !== null);
        const credits = cards.map(({ id, enabled, expiresOn, initialValue }) => ({
          externalId: id,
          amount: initialValue.amount,
          currency: initialValue.currencyCode,
          endsAt: expiresOn,
          isEnabled: enabled,
        }));
        return { outcome: "ok", credits };
      }
      const answer = await transport.read(shop, storeCreditsByIdOperation, { ids: externalIds });
      if (answer.outcome !== "ok") return answer;
      const given = answer.data.nodes.filter((node) => node !== null);
      const credits = given.map(({ id, expiresAt, amount }) => ({
        externalId: id,
        amount: amount.amount,
        currency: amount.currencyCode,
        endsAt: expiresAt,
        isEnabled: true,
      }));
      return { outcome: "ok", credits };
    },
    async orderStandings(orderIds) {
      const ids = orderIds.map((orderId) => gidOf("Order", orderId));
      const answer = await transport.read(shop, orderStandingsOperation, { ids });
      if (answer.outcome !== "ok") return answer;
      const orders = answer.data.nodes.filter((node) => node !== null);
      return {
        outcome: "ok",
        orders: orders.map(({ id, disputes }) => ({
          orderId: idOfGid("Order", id),
          disputes: disputes.map((dispute) => ({
            disputeId: dispute.id.slice(dispute.id.lastIndexOf("/") + 1),
            status: dispute.status.toLowerCase(),
          })),
        })),
      };
    },
    async disputesById(disputeIds) {
      const ids = disputeIds.map((disputeId) => gidOf("ShopifyPaymentsDispute", disputeId));
      const answer = await transport.read(shop, disputesByIdOperation, { ids });
      if (answer.outcome !== "ok") return answer;
      const disputes = answer.data.nodes.filter((node) => node !== null);
      return {
        outcome: "ok",
        disputes: disputes.map(({ id, amount, order }) => ({
          disputeId: idOfGid("ShopifyPaymentsDispute", id),
          orderId: order === null ? null : idOfGid("Order", order.id),
          amount: amount.amount,
          currency: amount.currencyCode,
        })),
      };
    },
  };
}
