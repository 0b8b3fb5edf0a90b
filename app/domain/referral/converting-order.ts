import type { OrderFacts } from "../event/order-facts.ts";
import { parseCurrency } from "../money/currency.ts";
import { parseMoney } from "../money/decimal.ts";
import type { ConvertingOrder } from "./conversion.ts";

/**
 * Takes from an order's facts what decides on conversion. `exponent` is the shop's. Returns null when the total cannot be read
 * as money of that exponent: such an order is never guessed to be worth something. A negative total counts as zero.
 */
export function convertingOrderOf(facts: OrderFacts, exponent: number): ConvertingOrder | null {
  const currency = parseCurrency(facts.currency);
  if (currency === null) return null;
  const total = parseMoney(facts.totalPrice, currency, exponent);
  if (total.outcome !== "ok" && total.outcome !== "negative") return null;
  const { orderId, createdAt, processedAt, paidAt, cancelledAt, test, renewal } = facts;
  const totalMinor = total.outcome === "ok" ? total.money.minor : 0n;
  return { orderId, createdAt, processedAt, paidAt, cancelledAt, test, renewal, totalMinor };
}
