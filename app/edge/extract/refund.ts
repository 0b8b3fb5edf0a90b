import { exponentOf, parseCurrency } from "#app/domain/money/currency.ts";
import { formatDecimal, parseMoney } from "#app/domain/money/decimal.ts";
import type { Extractor } from "./context.ts";
import { currencyAt, decimalAt, idAt, objectsAt, resourceId, textAt, timeAt } from "./fields.ts";

const TRANSACTIONS_MAX = 250;

/**
 * refunds/create: how much money really went back, which is what the transactions say and not the lines: a refund of an
 * amount alone has no lines, and a line that was put back in stock may have cost nothing.
 */
export const extractRefund: Extractor = (payload, { shop, happenedAt }) => {
  const refundId = resourceId(payload);
  const orderId = idAt(payload, "order_id");
  if (refundId === null || orderId === null) return null;
  const refunded = objectsAt(payload, "transactions", TRANSACTIONS_MAX).filter(
    (transaction) => textAt(transaction, "kind") === "refund" && textAt(transaction, "status") === "success",
  );
  const currency = parseCurrency(
    (refunded[0] === undefined ? null : currencyAt(refunded[0], "currency")) ?? shop.currency,
  );
  if (currency === null) return null;
  const exponent = exponentOf(currency);
  let minor = 0n;
  for (const transaction of refunded) {
    const amount = parseMoney(decimalAt(transaction, "amount") ?? "", currency, exponent);
    if (amount.outcome !== "ok" || currencyAt(transaction, "currency") !== currency) return null;
    minor += amount.money.minor;
  }
  return {
    kind: "refund",
    orderId,
    refundId,
    amount: formatDecimal({ minor, currency }, exponent),
    currency,
    at: timeAt(payload, "processed_at") ?? timeAt(payload, "created_at") ?? happenedAt.getTime(),
    // One refund does not say what the refunds before it left of the order.
    full: null,
  };
};
