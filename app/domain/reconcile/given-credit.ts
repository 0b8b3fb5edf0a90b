import type { CurrencyCode } from "../money/currency.ts";
import { parseCurrency } from "../money/currency.ts";
import { parseMoney } from "../money/decimal.ts";

/** What a gift card or a credit was given as. */
export type MadeCredit = {
  readonly form: "gift_card" | "store_credit";
  readonly unit: string;
  readonly exponent: number;
  readonly amount: bigint;
  readonly expiresAt: Date;
};

/** As the shop has it: amount as decimal text, the end as ISO text, null when there is none. */
export type HeldCredit = {
  readonly amount: string;
  readonly currency: string;
  readonly endsAt: string | null;
  readonly isEnabled: boolean;
};

export type CreditField = "amount" | "endsAt" | "isEnabled";

const DAY_LENGTH = "2026-11-20".length;
const SECOND_LENGTH = "2026-11-20T12:00:00".length;

/** Names what of a credit is not as it was given. A gift card ends with a day, a credit with a second. */
export function changedCreditFields(made: MadeCredit, held: HeldCredit): CreditField[] {
  const currency = parseCurrency(held.currency);
  const isSameAmount =
    currency !== null && held.currency === made.unit && minorOf(held.amount, currency, made.exponent) === made.amount;
  const length = made.form === "gift_card" ? DAY_LENGTH : SECOND_LENGTH;
  const isSameEnd = held.endsAt?.slice(0, length) === made.expiresAt.toISOString().slice(0, length);
  return [
    ...(isSameAmount ? [] : (["amount"] as const)),
    ...(isSameEnd ? [] : (["endsAt"] as const)),
    ...(held.isEnabled ? [] : (["isEnabled"] as const)),
  ];
}

function minorOf(amount: string, currency: CurrencyCode, exponent: number): bigint | null {
  const parsed = parseMoney(amount, currency, exponent);
  return parsed.outcome === "ok" ? parsed.money.minor : null;
}
