import type { CaseView } from "./review-models.ts";
import type { TermsJson } from "./domain/terms/terms-json.ts";

/**
 * What each screen shows, as plain text and numbers: the queries make these, the routes hand them on, the pages draw
 * them. Times are ISO 8601 in UTC; amounts are exact decimal strings, never floating point.
 */

export type {
  CaseRewardView,
  CaseView,
  ChoiceView,
  ComparisonView,
  LinkedReferralsView,
  ReversalView,
  ReviewTeamView,
} from "./review-models.ts";

/** Six states of `domain/referral/state`, repeated as the words the filter and the badges know. */
export type ReferralStateView = "PENDING" | "HELD" | "REWARDED" | "REJECTED" | "EXPIRED" | "VOIDED";

export type AmountView = { readonly amount: string; readonly currency: string };

/** Money and coupons side by side: a percentage coupon has no price until it is used, so the two are never one sum. */
export type TallyView = { readonly money: AmountView; readonly coupons: number };

/** A reward as promised or given: an amount of money off, a percentage off, or free shipping. */
export type RewardWorthView =
  | { readonly kind: "money"; readonly value: AmountView }
  | { readonly kind: "percent"; readonly percent: string }
  | { readonly kind: "free_shipping" };

export type SetupStepView = {
  readonly id: "installed" | "customers" | "embed" | "links" | "offer" | "codes" | "words";
  readonly state: "done" | "waiting" | "unknown";
  readonly detail: string;
};

export type HomeView = {
  readonly shopName: string;
  readonly shopDomain: string;
  readonly setup: readonly SetupStepView[];
  readonly funnel: {
    readonly clicks: number;
    readonly opened: number;
    readonly pending: number;
    readonly held: number;
    readonly rewarded: number;
    readonly ended: number;
  };
  readonly links: number;
  readonly promised: TallyView;
  readonly outstanding: TallyView;
  readonly rewarded: TallyView;
  /** Welcome codes that were used without bringing a friend. */
  readonly leakage: { readonly codes: number; readonly cost: AmountView };
  readonly openCases: number;
  readonly payoutsPaused: string | null;
  readonly programPaused: boolean;
  /** The shop's currency is another than that of its offer. */
  readonly hasNewCurrency: boolean;
};

/** What `ui/why-words` needs to say where a referral stands, and why. */
export type WhyFacts = {
  readonly state: ReferralStateView;
  readonly reason: string | null;
  readonly hasOrder: boolean;
  readonly eligibleAt: string | null;
  readonly expiresAt: string;
};

export type ReferralRowView = {
  readonly id: string;
  readonly shortId: string;
  readonly friend: string | null;
  readonly referrer: string | null;
  readonly code: string | null;
  readonly openedAt: string;
} & WhyFacts;

export type ReferralListView = {
  readonly rows: readonly ReferralRowView[];
  readonly nextCursor: string | null;
  readonly counts: Readonly<Record<ReferralStateView, number>>;
};

/** A rule of the screen that fired, with the numbers it saw; `ui/rule-words` says it in plain words. */
export type FiredRuleView = {
  readonly id: string;
  readonly outcome: string;
  readonly weight: number;
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
};

export type DecisionView = {
  readonly at: string;
  readonly occasion: string;
  readonly verdict: string;
  readonly score: number;
  readonly ruleset: string;
  readonly rules: readonly FiredRuleView[];
};

export type TimelineEventView = {
  readonly at: string;
  readonly title: string;
  /** A recorded reason, as the database has it. */
  readonly reason: string | null;
  /** What a reviewer wrote. */
  readonly note: string | null;
  readonly tone: "plain" | "good" | "careful" | "bad";
};

export type ClickView = {
  readonly carrier: string;
  readonly clickedAt: string | null;
  readonly code: string | null;
  readonly reason: string | null;
};

export type SideRewardView = {
  readonly side: "referrer" | "friend";
  readonly worth: RewardWorthView;
  readonly status: string;
  readonly code: string | null;
  readonly expiresAt: string | null;
};

export type ReferralDetailView = {
  readonly id: string;
  readonly shortId: string;
  readonly code: string | null;
  readonly friend: string | null;
  readonly referrer: string | null;
  readonly openedAt: string;
  readonly decidedAt: string | null;
  readonly termsVersion: number;
  /** Digits of the order's id in Shopify; null until one was recorded. */
  readonly orderId: string | null;
  readonly paidAt: string | null;
  readonly winner: ClickView | null;
  readonly losers: readonly ClickView[];
  readonly rewards: readonly SideRewardView[];
  readonly decision: DecisionView | null;
  readonly openCase: CaseView | null;
  readonly timeline: readonly TimelineEventView[];
} & WhyFacts;

/** A reward of a person, whichever side they were on. */
export type PersonRewardView = SideRewardView & {
  readonly id: string;
  readonly kind: string;
  readonly referralId: string | null;
  readonly givenAt: string;
};

/** Somebody who refers friends. */
export type PersonView = {
  readonly id: string;
  readonly shortId: string;
  readonly firstName: string | null;
  readonly code: string | null;
  readonly codeState: "active" | "retired" | "none";
  readonly retiredReason: string | null;
  /** Other names that lead to the person's links. */
  readonly aliases: readonly string[];
  readonly counts: Readonly<Record<ReferralStateView, number>>;
  readonly earned: TallyView;
  readonly used: TallyView;
  readonly receivable: TallyView;
  readonly referrals: readonly ReferralRowView[];
  readonly rewards: readonly PersonRewardView[];
  readonly cases: readonly CaseView[];
};

export type ProgrammeView = {
  readonly shopName: string;
  /** What the shop counts in now. */
  readonly currency: string;
  /** The terms count in another: new links wait until the offer is saved in this one. */
  readonly hasNewCurrency: boolean;
  /** What Shopify has yet to allow before a kind of reward can be given; empty lists for what can. */
  readonly missingScopes: Readonly<Record<"store_credit" | "gift_card", readonly string[]>>;
  readonly linkExample: string;
  readonly version: number;
  readonly terms: TermsJson;
};

export type HealthView = {
  readonly payoutsPaused: string | null;
  readonly inboxWaiting: number;
  readonly inboxOldestSeconds: number;
  readonly inboxDead: number;
  readonly outboxWaiting: number;
  readonly outboxOldestSeconds: number;
  readonly outboxDead: number;
  readonly notesUnknown: number;
  readonly rewardsBlocked: number;
  readonly checks: readonly CheckView[];
};

/** The newest result of an invariant check. */
export type CheckView = { readonly name: string; readonly findings: number; readonly at: string };

/** One type of account in one unit: everything debited and credited, and what is left on one of the two sides. */
export type LedgerBalanceView = {
  readonly account: string;
  readonly number: string;
  readonly debit: AmountView;
  readonly credit: AmountView;
  readonly balance: AmountView;
  readonly balanceSide: "debit" | "credit" | "none";
};

/** The trial balance of one unit: a currency, or `coupon`, which stands where the currency does. */
export type LedgerUnitView = {
  readonly unit: string;
  readonly balances: readonly LedgerBalanceView[];
  readonly debits: AmountView;
  readonly credits: AmountView;
  /** Pending: promised to somebody, and not decided yet. */
  readonly promised: AmountView;
};

export type LedgerEntryView = {
  readonly id: string;
  readonly at: string;
  readonly description: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: AmountView;
  /** A promise or its end: nothing was booked by it. */
  readonly isPromise: boolean;
  readonly referralId: string | null;
  readonly shortId: string | null;
  readonly orderId: string | null;
};

export type LedgerView = {
  /** Whether two independent ways of adding up agree; null when a large ledger has not been checked yet. */
  readonly isBalanced: boolean | null;
  /** When that was found; null for just now. */
  readonly balancedAt: string | null;
  readonly units: readonly LedgerUnitView[];
  readonly leakage: readonly AmountView[];
  readonly entries: readonly LedgerEntryView[];
  readonly nextCursor: string | null;
};

export type { CustomerStatus } from "./customer-status.ts";
