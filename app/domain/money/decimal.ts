import type { CurrencyCode } from "./currency.ts";
import { EXPONENT_MAX } from "./currency.ts";
import type { Money } from "./money.ts";

export type MoneyProblem = "malformed" | "negative" | "too_many_decimals" | "too_large";
export type MoneyResult = { readonly outcome: "ok"; readonly money: Money } | { readonly outcome: MoneyProblem };

/** Larger than any order, and far inside a signed 64-bit column even after sums. */
export const MINOR_MAX = 10n ** 15n;

/**
 * Reads a decimal string ("10", "10.5", "1000.00") as minor units, by string arithmetic alone. Zeros past the exponent are
 * harmless (Shopify prints "1000.0" for yen), any other digit there is `too_many_decimals`. `exponent` is that of the shop's
 * ledger unit, 0 to 4; anything else throws RangeError.
 */
export function parseMoney(decimal: string, currency: CurrencyCode, exponent: number): MoneyResult {
  assertExponent(exponent);
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(decimal);
  if (match === null) return { outcome: "malformed" };
  const [, sign, whole = "", fraction = ""] = match;
  if (sign === "-") return { outcome: "negative" };
  if (/[1-9]/.test(fraction.slice(exponent))) return { outcome: "too_many_decimals" };
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, "0"));
  return minor > MINOR_MAX ? { outcome: "too_large" } : { outcome: "ok", money: { minor, currency } };
}

/** Prints minor units as a decimal string with exactly `exponent` decimals: 1000n is "10.00" in GBP and "1000" in JPY. */
export function formatDecimal(money: Money, exponent: number): string {
  assertExponent(exponent);
  const sign = money.minor < 0n ? "-" : "";
  const digits = (money.minor < 0n ? -money.minor : money.minor).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function assertExponent(exponent: number): void {
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > EXPONENT_MAX) {
    throw new RangeError(`an exponent is a whole number from 0 to ${EXPONENT_MAX}`);
  }
}
