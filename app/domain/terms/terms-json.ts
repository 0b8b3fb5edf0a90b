import type { CurrencyCode } from "../money/currency.ts";
import { formatDecimal } from "../money/decimal.ts";
import { printIsoTime } from "../time/iso-time.ts";
import type { FriendWhen, RewardKind, RewardTerms, ScreenOverride, Terms, WhoMayRefer } from "./terms.ts";

export type RewardJson = { readonly kind: RewardKind; readonly amount: string; readonly expires_after_days: number };

/** The terms as merchants and other programs see them: amounts as decimal text, percentages as "12.5", times in ISO 8601. */
export type TermsJson = {
  readonly referrer: RewardJson;
  readonly friend: RewardJson & { readonly when: FriendWhen };
  readonly window_days: number;
  readonly cooling_off_days: number;
  readonly minimum_order: string | null;
  readonly cap_30_days: number | null;
  readonly cap_total: number | null;
  readonly budget_month: string | null;
  readonly campaign_start: string | null;
  readonly campaign_end: string | null;
  readonly landing_path: string;
  readonly email_first: boolean;
  readonly who_may_refer: WhoMayRefer;
  readonly who_may_refer_tag: string | null;
  readonly new_customer_days: number | null;
  readonly bind_to_customer: boolean;
  readonly combine_with: { readonly order: boolean; readonly product: boolean; readonly shipping: boolean };
  readonly screen: Readonly<Record<string, ScreenOverride>>;
  readonly voice: string | null;
  readonly paused: boolean;
};

/** Basis points have two decimals when read as per cent. */
export const PERCENT_EXPONENT = 2;

/** Prints terms in their public form. `termsFromJson` reads it back to the same terms. */
export function termsToJson(terms: Terms): TermsJson {
  const amount = (minor: bigint | null): string | null =>
    minor === null ? null : formatDecimal({ minor, currency: terms.currency }, terms.exponent);
  return {
    referrer: rewardToJson(terms.referrer, terms),
    friend: { ...rewardToJson(terms.friend, terms), when: terms.friend.when },
    window_days: terms.windowDays,
    cooling_off_days: terms.coolingOffDays,
    minimum_order: amount(terms.minimumOrderMinor),
    cap_30_days: terms.cap30Days,
    cap_total: terms.capTotal,
    budget_month: amount(terms.budgetMonthMinor),
    campaign_start: isoTime(terms.campaignStart),
    campaign_end: isoTime(terms.campaignEnd),
    landing_path: terms.landingPath,
    email_first: terms.emailFirst,
    who_may_refer: terms.whoMayRefer,
    who_may_refer_tag: terms.whoMayReferTag,
    new_customer_days: terms.newCustomerDays,
    bind_to_customer: terms.bindToCustomer,
    combine_with: terms.combineWith,
    screen: terms.screen,
    voice: terms.voice,
    paused: terms.paused,
  };
}

function rewardToJson(reward: RewardTerms, terms: Terms): RewardJson {
  return {
    kind: reward.kind,
    amount: amountText(reward.kind, reward.amountMinor, terms),
    expires_after_days: reward.expiresAfterDays,
  };
}

/** Prints a reward's amount by its kind: money with the currency's decimals, per cent without idle zeros, "1" for shipping. */
export function amountText(
  kind: string,
  amountMinor: bigint,
  unit: { readonly currency: CurrencyCode; readonly exponent: number },
): string {
  if (kind === "free_shipping") return "1";
  if (kind !== "percent") return formatDecimal({ minor: amountMinor, currency: unit.currency }, unit.exponent);
  return formatDecimal({ minor: amountMinor, currency: unit.currency }, PERCENT_EXPONENT).replace(/\.?0+$/, "");
}

function isoTime(epochMs: number | null): string | null {
  return epochMs === null ? null : printIsoTime(epochMs);
}
