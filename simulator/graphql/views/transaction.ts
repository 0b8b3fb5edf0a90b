import { gid } from "../../world/ids.ts";
import type { Card, Order, Transaction } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { dateTime, moneyBag } from "./money.ts";

/** `OrderTransaction`, with card details where a card paid and wallet details for PayPal. */
export function transactionView(call: Call, order: Order, transaction: Transaction): View {
  return {
    __typename: "OrderTransaction",
    id: gid("OrderTransaction", transaction.id),
    kind: transaction.kind,
    status: transaction.status,
    gateway: transaction.gateway,
    formattedGateway: transaction.gateway,
    amountSet: moneyBag(call.shop, transaction.amountMinor),
    createdAt: dateTime(transaction.createdAt),
    processedAt: dateTime(transaction.processedAt),
    test: order.test,
    errorCode: null,
    paymentId: `#${order.number}.1`,
    manualPaymentGateway: transaction.gateway === "manual",
    manuallyCapturable: false,
    multiCapturable: false,
    accountNumber: transaction.card === null ? null : maskedNumber(transaction.card),
    fees: [],
    parentTransaction: () => {
      const parent = order.transactions.find((candidate) => candidate.id === transaction.parentId);
      return parent ? transactionView(call, order, parent) : null;
    },
    paymentDetails: paymentDetails(transaction),
  };
}

function paymentDetails(transaction: Transaction): View | null {
  const { card } = transaction;
  if (card !== null) {
    return {
      __typename: "CardPaymentDetails",
      bin: card.bin,
      number: maskedNumber(card),
      company: card.brand,
      expirationMonth: card.expMonth,
      expirationYear: card.expYear,
      name: card.name,
      paymentMethodName: card.brand.toLowerCase(),
      avsResultCode: "Y",
      cvvResultCode: "M",
      wallet: null,
    };
  }
  return transaction.gateway === "paypal"
    ? { __typename: "PaypalWalletPaymentDetails", paymentMethodName: "paypal" }
    : null;
}

function maskedNumber(card: Card): string {
  return `•••• •••• •••• ${card.last4}`;
}
