import { formatDecimal } from "../money/decimal.ts";
import { PERCENT_EXPONENT } from "../terms/terms-json.ts";
import type { RewardTerms, Terms } from "../terms/terms.ts";

/** A reward for a page that sets it in its reader's own language: `value` is "10.00 GBP", "12.5%" or "free shipping". */
export type RewardWorth = { readonly kind: RewardTerms["kind"]; readonly value: string };

/** What the terms promise one side, without a word of any language. */
export function worthOf(
  reward: Pick<RewardTerms, "kind" | "amountMinor">,
  unit: Pick<Terms, "currency" | "exponent">,
): RewardWorth {
  const { kind, amountMinor: minor } = reward;
  const decimal = (exponent: number): string => formatDecimal({ minor, currency: unit.currency }, exponent);
  switch (kind) {
    case "percent":
      return { kind, value: `${decimal(PERCENT_EXPONENT).replace(/\.?0+$/, "")}%` };
    case "free_shipping":
      return { kind, value: "free shipping" };
    case "fixed":
    case "store_credit":
    case "gift_card":
      return { kind, value: `${decimal(unit.exponent)} ${unit.currency}` };
  }
}
