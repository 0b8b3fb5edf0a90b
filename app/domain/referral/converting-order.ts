import type { OrderFacts } from "../event/order-facts.ts";
import { exponentIn, parseCurrency } from "../money/currency.ts";
import type { MoneyUnit } from "../money/currency.ts";
import { parseMoney } from "../money/decimal.ts";
import type { ConvertingOrder } from "./conversion.ts";

/**
 * Takes from an order's facts what decides on conversion. `unit` is that of the referral's terms; an order of a shop that
 * changed its currency since is read by its own. Returns null when the total cannot be read as money: such an order is never
 * guessed to be worth something. A negative total counts as zero.
 */
export function convertingOrderOf(facts: OrderFacts, unit: MoneyUnit): ConvertingOrder | null {
  const currency = parseCurrency(facts.currency);
  if (currency === null) return null;
  const total = parseMoney(facts.totalPrice, currency, exponentIn(currency, unit));
  if (total.outcome !== "ok" && total.outcome !== "negative") return null;
  const { orderId, createdAt, processedAt, paidAt, cancelledAt, test, renewal } = facts;
  const totalMinor = total.outcome === "ok" ? total.money.minor : 0n;
  return { orderId, createdAt, processedAt, paidAt, cancelledAt, test, renewal, totalMinor };
}
