import type { AdminAddress, AdminCard, AdminOrder, AdminOrderLine } from "#app/usecases/ports.ts";
import { idOfGid } from "./ids.ts";
import type { OrderNode } from "./operations/orders.graphql.ts";

type LineNode = OrderNode["lineItems"]["nodes"][number];
type TransactionNode = OrderNode["transactions"][number];

/** Makes the port's order of Shopify's answer. */
export function orderOfNode(node: OrderNode): AdminOrder {
  return {
    orderId: idOfGid("Order", node.id),
    customerId: node.customer === null ? null : idOfGid("Customer", node.customer.id),
    customerOrders: node.customer?.numberOfOrders ?? null,
    createdAt: node.createdAt,
    processedAt: node.processedAt,
    updatedAt: node.updatedAt,
    cancelledAt: node.cancelledAt,
    test: node.test,
    fullyPaid: node.fullyPaid,
    financialStatus: node.displayFinancialStatus,
    sourceName: node.sourceName,
    currency: node.currencyCode,
    taxesIncluded: node.taxesIncluded,
    totalPrice: node.totalPriceSet.shopMoney.amount,
    currentTotal: node.currentTotalPriceSet.shopMoney.amount,
    totalRefunded: node.totalRefundedSet.shopMoney.amount,
    tips: node.totalTipReceivedSet.shopMoney.amount,
    lines: node.lineItems.nodes.map(lineOfNode),
    linesTruncated: node.lineItems.pageInfo.hasNextPage,
    email: node.email,
    phone: node.phone,
    clientIp: node.clientIp,
    shippingAddress: addressOfNode(node.shippingAddress),
    billingAddress: addressOfNode(node.billingAddress),
    attributes: node.customAttributes,
    discountCodes: node.discountCodes,
    card: cardOf(node.transactions),
    paidAt: paidAtOf(node.transactions),
    risk: riskOf(node.risk),
  };
}

function lineOfNode(node: LineNode): AdminOrderLine {
  return {
    lineId: idOfGid("LineItem", node.id),
    quantity: node.quantity,
    currentQuantity: node.currentQuantity,
    giftCard: node.isGiftCard,
    subscription: node.sellingPlan !== null,
    originalTotal: node.originalTotalSet.shopMoney.amount,
    allocated: node.discountAllocations.map((allocation) => allocation.allocatedAmountSet.shopMoney.amount),
    taxes: node.taxLines.map((tax) => tax.priceSet.shopMoney.amount),
  };
}

/** Makes the port's address of Shopify's; null where there is none. */
export function addressOfNode(node: OrderNode["shippingAddress"]): AdminAddress | null {
  if (node === null) return null;
  const { countryCodeV2, ...rest } = node;
  return { ...rest, countryCode: countryCodeV2 };
}

const PAYING_KINDS = new Set(["SALE", "CAPTURE"]);
const CARD_KINDS = new Set(["SALE", "CAPTURE", "AUTHORIZATION"]);

/** The card of the first payment that succeeded with one; wallets that hide it have none. */
export function cardOf(transactions: readonly TransactionNode[]): AdminCard | null {
  for (const transaction of transactions) {
    if (transaction.status !== "SUCCESS" || !CARD_KINDS.has(transaction.kind)) continue;
    const details = transaction.paymentDetails;
    const lastFour = /(\d{4})$/.exec(details?.number ?? "")?.[1];
    if (!details?.bin || !details.company || !details.expirationMonth || !details.expirationYear || !lastFour) continue;
    return {
      bin: details.bin,
      lastFour,
      expiryMonth: details.expirationMonth,
      expiryYear: details.expirationYear,
      brand: details.company,
    };
  }
  return null;
}

/** When money was last captured; null while none was. */
export function paidAtOf(
  transactions: readonly Pick<TransactionNode, "kind" | "status" | "processedAt">[],
): Date | null {
  const paid = transactions.filter((t) => t.status === "SUCCESS" && PAYING_KINDS.has(t.kind) && t.processedAt !== null);
  return paid.reduce<Date | null>(
    (last, t) => (last === null || (t.processedAt ?? last) > last ? t.processedAt : last),
    null,
  );
}

/** Shopify has no recommendation while an assessment is still pending. */
function riskOf(risk: OrderNode["risk"]): AdminOrder["risk"] {
  if (risk.recommendation !== "NONE") return risk.recommendation;
  return risk.assessments.some((assessment) => assessment.riskLevel === "PENDING") ? "PENDING" : "NONE";
}
