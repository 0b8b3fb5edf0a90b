import type { CurrencyCode } from "./currency.ts";

/** An exact amount in the smallest unit of its currency. */
export type Money = { readonly minor: bigint; readonly currency: CurrencyCode };

const BASIS_POINTS_PER_WHOLE = 10_000n;

function assertSameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) {
    throw new RangeError(`${left.currency} and ${right.currency} are never added or compared`);
  }
}

/** The sum of two amounts of one currency. Throws RangeError when the currencies differ. */
export function addMoney(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return { minor: left.minor + right.minor, currency: left.currency };
}

/** `left` less `right`, which may be negative. Throws RangeError when the currencies differ. */
export function subtractMoney(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return { minor: left.minor - right.minor, currency: left.currency };
}

/** Negative, zero or positive as `left` is less than, equal to or more than `right`. Throws RangeError across currencies. */
export function compareMoney(left: Money, right: Money): number {
  assertSameCurrency(left, right);
  if (left.minor === right.minor) return 0;
  return left.minor < right.minor ? -1 : 1;
}

/**
 * A share of an amount, in basis points (1,000 = 10 %). Rounds down, so that a merchant never gives more than the promise.
 * Throws RangeError for a negative amount or for basis points that are not a whole number from 0.
 */
export function percentOf(amount: Money, basisPoints: number): Money {
  if (amount.minor < 0n) throw new RangeError("a share is taken of an amount that is not negative");
  if (!Number.isSafeInteger(basisPoints) || basisPoints < 0)
    throw new RangeError("basis points are a whole number from 0");
  return { minor: (amount.minor * BigInt(basisPoints)) / BASIS_POINTS_PER_WHOLE, currency: amount.currency };
}
