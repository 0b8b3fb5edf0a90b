import { formatDecimal } from "#app/domain/money/decimal.ts";
import { parseCurrency } from "#app/domain/money/currency.ts";
import { PERCENT_EXPONENT } from "#app/domain/terms/terms-json.ts";
import { COUPON_UNIT } from "#app/domain/reward/reward-value.ts";
import { invariant } from "#app/platform/errors.ts";
import type { AmountView, RewardWorthView, TallyView } from "#app/read-models.ts";
import type { Prisma, PrismaClient } from "../generated/index.js";
import type { Keys } from "#app/platform/keys.ts";

/** What every query of a screen needs: the typed client, and the keys that open first names. */
export type QueryDeps = { readonly prisma: PrismaClient; readonly keys: Keys };

export type ReadTx = Prisma.TransactionClient;

/** Minor units with their currency, as the exact decimal text that pages show. */
export function amountView(minor: bigint, currency: string, exponent: number): AmountView {
  const code = parseCurrency(currency);
  invariant(code !== null, "a stored currency is three letters");
  return { amount: formatDecimal({ minor, currency: code }, exponent), currency };
}

/** Sums by unit as money and coupons side by side; a shop has one currency, so there is one sum of money. */
export function tallyView(
  sums: readonly { unit: string; amount: bigint }[],
  currency: string,
  exponent: number,
): TallyView {
  const money = sums.reduce((sum, each) => (each.unit === COUPON_UNIT ? sum : sum + each.amount), 0n);
  const coupons = sums.reduce((sum, each) => (each.unit === COUPON_UNIT ? sum + each.amount : sum), 0n);
  return { money: amountView(money, currency, exponent), coupons: Number(coupons) };
}

/** What a reward is worth: its pinned amount, or for a coupon what the pinned terms say it takes off. */
export function worthView(
  reward: { readonly unit: string; readonly amount: bigint },
  terms: { readonly kind: string; readonly amount: bigint; readonly currency: string; readonly exponent: number },
): RewardWorthView {
  if (reward.unit !== COUPON_UNIT)
    return { kind: "money", value: amountView(reward.amount, reward.unit, terms.exponent) };
  if (terms.kind !== "percent") return { kind: "free_shipping" };
  const { amount } = amountView(terms.amount, terms.currency, PERCENT_EXPONENT);
  return { kind: "percent", percent: amount.replace(/\.?0+$/, "") };
}

/** The last six characters of an id: short enough to read out, long enough to find it on a page. */
export function shortIdOf(id: string): string {
  return id.slice(-6).toUpperCase();
}

/** An instant as pages take it; null stays null. */
export function isoOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

/** Whether a text is a UUID, so that an address somebody typed finds nothing instead of failing in the database. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
