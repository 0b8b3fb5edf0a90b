import { formatDecimal } from "../money/decimal.ts";
import { PERCENT_EXPONENT } from "../terms/terms-json.ts";
import type { RewardTerms, Terms } from "../terms/terms.ts";
import { languageOf } from "./language.ts";
import { phrasesOf, put } from "./phrases.ts";

const FALLBACK_LOCALE = "en";
const LOCALE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2}|-\d{3})?$/;
const BASIS_POINTS_PER_WHOLE = 10_000;

/**
 * Says a reward in the words of the locale's language, with the amount as the locale writes it: "£10 off", "12,5 % Rabatt",
 * "free delivery". A locale that is malformed, or of a language that we do not write, reads as English.
 */
export function describeReward(
  reward: Pick<RewardTerms, "kind" | "amountMinor">,
  unit: Pick<Terms, "currency" | "exponent">,
  locale: string,
): string {
  const language = languageOf(LOCALE.test(locale) ? locale : FALLBACK_LOCALE);
  const { rewards } = phrasesOf(language ?? FALLBACK_LOCALE);
  // Words and amount in one language: an English sentence with a Swedish number would be neither.
  const spoken = language === null ? FALLBACK_LOCALE : locale;
  switch (reward.kind) {
    case "percent":
      return put(rewards.percent, { percent: printPercent(reward.amountMinor, spoken) });
    case "free_shipping":
      return rewards.free_shipping;
    case "fixed":
    case "store_credit":
    case "gift_card":
      return put(rewards[reward.kind], { money: printMoney(reward.amountMinor, unit, spoken) });
  }
}

/** Prints minor units as a reader of the locale expects them, without idle decimals: "£10", "£10.50", "¥1,000". */
export function printMoney(minor: bigint, unit: Pick<Terms, "currency" | "exponent">, locale: string): string {
  const formatter = moneyFormatter(LOCALE.test(locale) ? locale : FALLBACK_LOCALE, unit);
  const decimal = formatDecimal({ minor, currency: unit.currency }, unit.exponent);
  // A plain numeral by its making. As text it keeps the last digits that a number would lose.
  return formatter.format(decimal as `${number}`);
}

const FORMATTERS_KEPT_MAX = 500;
const moneyFormatters = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than all the rest of a link's answer, and few are ever asked for. */
function moneyFormatter(
  locale: string,
  { currency, exponent }: Pick<Terms, "currency" | "exponent">,
): Intl.NumberFormat {
  const key = `${locale} ${currency} ${exponent}`;
  const known = moneyFormatters.get(key);
  if (known !== undefined) return known;
  const formatter = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
    trailingZeroDisplay: "stripIfInteger",
  });
  if (moneyFormatters.size >= FORMATTERS_KEPT_MAX) moneyFormatters.clear();
  moneyFormatters.set(key, formatter);
  return formatter;
}

function printPercent(basisPoints: bigint, locale: string): string {
  const formatter = new Intl.NumberFormat(LOCALE.test(locale) ? locale : FALLBACK_LOCALE, {
    style: "percent",
    maximumFractionDigits: PERCENT_EXPONENT,
  });
  return formatter.format(Number(basisPoints) / BASIS_POINTS_PER_WHOLE);
}
