import type { CurrencyCode } from "../money/currency.ts";

export const REWARD_KINDS = ["fixed", "percent", "free_shipping", "store_credit", "gift_card"] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];
export const FRIEND_WHENS = ["on_first_order", "after_first_order"] as const;
export type FriendWhen = (typeof FRIEND_WHENS)[number];
export const WHO_MAY_REFER = ["bought", "any_customer", "tag"] as const;
export type WhoMayRefer = (typeof WHO_MAY_REFER)[number];

export type RewardTerms = {
  readonly kind: RewardKind;
  /** Minor units of the shop's currency; basis points for `percent` (1,000 = 10 %); 1 for `free_shipping`. */
  readonly amountMinor: bigint;
  readonly expiresAfterDays: number;
};

/** How a merchant bends one rule of the screen; what is absent keeps the rule's own value. */
export type ScreenOverride = {
  readonly outcome?: "block" | "hold" | "none";
  /** Hundredths, 0 to 100. */
  readonly weight?: number;
  readonly threshold?: number;
  /** Numbers beside the threshold, by name. */
  readonly limits?: Readonly<Record<string, number>>;
};

/** One immutable version of a shop's offer. Amounts are minor units, times epoch milliseconds. */
export type Terms = {
  readonly currency: CurrencyCode;
  readonly exponent: number;
  readonly referrer: RewardTerms;
  readonly friend: RewardTerms & { readonly when: FriendWhen };
  readonly windowDays: number;
  readonly coolingOffDays: number;
  readonly minimumOrderMinor: bigint | null;
  /** Rewards per referrer in 30 rolling days; null for no such cap. */
  readonly cap30Days: number | null;
  /** Rewards per referrer, ever. */
  readonly capTotal: number | null;
  readonly budgetMonthMinor: bigint | null;
  readonly campaignStart: number | null;
  readonly campaignEnd: number | null;
  readonly landingPath: string;
  /** Whether a friend is asked for their e-mail address before they see their code. In force for all links at once. */
  readonly emailFirst: boolean;
  readonly whoMayRefer: WhoMayRefer;
  readonly whoMayReferTag: string | null;
  /** Null: a new customer has never ordered. Else: has not in the last so many days. */
  readonly newCustomerDays: number | null;
  /** Each reward's code works for the customer it was given to, and for nobody else. */
  readonly bindToCustomer: boolean;
  readonly combineWith: { readonly order: boolean; readonly product: boolean; readonly shipping: boolean };
  readonly screen: Readonly<Record<string, ScreenOverride>>;
  readonly voice: string | null;
  readonly paused: boolean;
};

const DEFAULT_UNITS = 10n;
/** Yen and the like are worth about a hundredth, so ten of them would be no reward. */
const DEFAULT_UNITS_WITHOUT_DECIMALS = 1_000n;
const DEFAULT_EXPIRES_AFTER_DAYS = 90;

/**
 * What every shop starts with: ten units of its currency for each side (1,000 where there are no decimals), the friend's
 * on their first order.
 */
export function defaultTerms(currency: CurrencyCode, exponent: number): Terms {
  const amountMinor = exponent === 0 ? DEFAULT_UNITS_WITHOUT_DECIMALS : DEFAULT_UNITS * 10n ** BigInt(exponent);
  const reward = { kind: "fixed", amountMinor, expiresAfterDays: DEFAULT_EXPIRES_AFTER_DAYS } as const;
  return {
    currency,
    exponent,
    referrer: reward,
    friend: { ...reward, when: "on_first_order" },
    windowDays: 30,
    coolingOffDays: 14,
    minimumOrderMinor: null,
    cap30Days: 20,
    capTotal: null,
    budgetMonthMinor: null,
    campaignStart: null,
    campaignEnd: null,
    landingPath: "/",
    emailFirst: false,
    whoMayRefer: "bought",
    whoMayReferTag: null,
    newCustomerDays: null,
    bindToCustomer: false,
    combineWith: { order: false, product: false, shipping: false },
    screen: {},
    voice: null,
    paused: false,
  };
}

/** Whether new referrals may open at a moment (epoch ms): not paused, and inside the campaign where it has a start or end. */
export function isCampaignOpen(terms: Terms, at: number): boolean {
  if (terms.paused) return false;
  return (
    (terms.campaignStart === null || at >= terms.campaignStart) &&
    (terms.campaignEnd === null || at < terms.campaignEnd)
  );
}
