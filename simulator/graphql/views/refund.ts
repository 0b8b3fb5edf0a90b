import { gid } from "../../world/ids.ts";
import type { Order, Refund } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { connection, type PageArgs } from "../connection.ts";
import { lineItemView } from "./line-item.ts";
import { dateTime, moneyBag } from "./money.ts";
import { transactionView } from "./transaction.ts";

/** `Refund`. */
export function refundView(call: Call, order: Order, refund: Refund): View {
  const { shop } = call;
  return {
    __typename: "Refund",
    id: gid("Refund", refund.id),
    legacyResourceId: refund.id,
    createdAt: dateTime(refund.createdAt),
    processedAt: dateTime(refund.createdAt),
    updatedAt: dateTime(refund.createdAt),
    note: refund.note,
    totalRefundedSet: moneyBag(shop, refund.totalMinor),
    refundLineItems: (args: PageArgs) =>
      connection(refund.lines, args, {
        key: (line) => line.id,
        view: (refundLine) => ({
          id: gid("RefundLineItem", refundLine.id),
          quantity: refundLine.quantity,
          restockType: "RETURN",
          restocked: true,
          subtotalSet: moneyBag(shop, refundLine.subtotalMinor),
          totalTaxSet: moneyBag(shop, refundLine.taxMinor),
          lineItem: () => {
            const line = order.lines.find((candidate) => candidate.id === refundLine.lineId);
            return line ? lineItemView(call, order, line) : null;
          },
        }),
      }),
    transactions: (args: PageArgs) =>
      connection(refund.transactions, args, {
        key: (entry) => entry.id,
        view: (entry) => transactionView(call, order, entry),
      }),
  };
}
