import { formatDecimal } from "../money/decimal.ts";
import { PERCENT_EXPONENT } from "../terms/terms-json.ts";
import type { RewardTerms, Terms } from "../terms/terms.ts";

const FALLBACK_LOCALE = "en";
const LOCALE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2}|-\d{3})?$/;
const BASIS_POINTS_PER_WHOLE = 10_000;

/**
 * Says a reward in English words, with the amount written as the locale writes it: "£10 off", "12.5% off", "free delivery".
 * A locale that is malformed reads as English.
 */
export function describeReward(
  reward: Pick<RewardTerms, "kind" | "amountMinor">,
  unit: Pick<Terms, "currency" | "exponent">,
  locale: string,
): string {
  switch (reward.kind) {
    case "fixed":
      return `${printMoney(reward.amountMinor, unit, locale)} off`;
    case "percent":
      return `${printPercent(reward.amountMinor, locale)} off`;
    case "free_shipping":
      return "free delivery";
    case "store_credit":
      return `${printMoney(reward.amountMinor, unit, locale)} in store credit`;
    case "gift_card":
      return `a gift card of ${printMoney(reward.amountMinor, unit, locale)}`;
  }
}

/** Prints minor units as a reader of the locale expects them, without idle decimals: "£10", "£10.50", "¥1,000". */
export function printMoney(minor: bigint, unit: Pick<Terms, "currency" | "exponent">, locale: string): string {
  const formatter = new Intl.NumberFormat(LOCALE.test(locale) ? locale : FALLBACK_LOCALE, {
    style: "currency",
    currency: unit.currency,
    minimumFractionDigits: unit.exponent,
    maximumFractionDigits: unit.exponent,
    trailingZeroDisplay: "stripIfInteger",
  });
  const decimal = formatDecimal({ minor, currency: unit.currency }, unit.exponent);
  // A plain numeral by its making. As text it keeps the last digits that a number would lose.
  return formatter.format(decimal as `${number}`);
}

function printPercent(basisPoints: bigint, locale: string): string {
  const formatter = new Intl.NumberFormat(LOCALE.test(locale) ? locale : FALLBACK_LOCALE, {
    style: "percent",
    maximumFractionDigits: PERCENT_EXPONENT,
  });
  return formatter.format(Number(basisPoints) / BASIS_POINTS_PER_WHOLE);
}
