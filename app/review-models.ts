import type { ChoiceIntent } from "./domain/review/choices.ts";
import type {
  AmountView,
  FiredRuleView,
  ReferralRowView,
  ReferralStateView,
  SideRewardView,
  TallyView,
} from "./read-models.ts";

/** What the pages of review show; as `read-models`, plain text and numbers. */

/** What a person can do with a case, and why not just now; the intents are those of `domain/review/choices`. */
export type ChoiceView = {
  readonly intent: ChoiceIntent;
  readonly obstacle: string | null;
  readonly sides: readonly ("referrer" | "friend")[];
};

/** What was taken back from an order after its reward. */
export type ReversalView = {
  readonly refunded: AmountView;
  readonly orderTotal: AmountView | null;
  /** Whole percent of the order that was refunded, rounded down; null where the total is not known. */
  readonly percent: number | null;
  /** What a bank asks back; null without a dispute. */
  readonly disputed: AmountView | null;
  readonly reasons: readonly string[];
  /** Something in another currency is not in the sum. */
  readonly incomplete: boolean;
};

/** A reward that a case is about, with what is left of it. */
export type CaseRewardView = SideRewardView & {
  readonly kind: string;
  readonly use: "unused" | "used" | "ended";
};

export type CaseView = {
  readonly id: string;
  readonly kind: string;
  readonly choices: readonly ChoiceView[];
  readonly reversal: ReversalView | null;
  readonly rewards: readonly CaseRewardView[];
  /** Not yet set off; null when nothing is. */
  readonly receivable: TallyView | null;
  readonly referrerPerson: string | null;
  /** Whom it is about, where it is about a person. */
  readonly personId: string | null;
  readonly reason: string | null;
  readonly referralId: string | null;
  /** Where its referral stands, and why; null for a case of no referral. */
  readonly referral: { readonly state: ReferralStateView; readonly reason: string | null } | null;
  readonly shortId: string | null;
  readonly friend: string | null;
  readonly referrer: string | null;
  readonly state: "open" | "closed";
  readonly decision: string | null;
  /** One of two people has approved. */
  readonly waitsForSecond: boolean;
  readonly version: number;
  readonly openedAt: string;
  readonly escalateAt: string | null;
  readonly overdue: boolean;
  readonly rules: readonly FiredRuleView[];
};

/** One fact of two people, side by side; in words by `ui/review/people-compare`. */
export type ComparisonView = {
  readonly fact: string;
  readonly referrer: string | null;
  readonly friend: string | null;
  readonly likeness: "same" | "alike" | "different" | "unknown";
  /** Worth pointing out. */
  readonly telling: boolean;
};

/** Who may decide cases. Staff are known by the subject of their session token alone. */
export type ReviewTeamView = {
  readonly listedOnly: boolean;
  /** An approval over this takes two people; null when one is enough. */
  readonly secondOver: AmountView | null;
  readonly mayChange: boolean;
  readonly staff: readonly {
    readonly subject: string;
    readonly since: string;
    readonly isYou: boolean;
    readonly manages: boolean;
    readonly mayDecide: boolean;
  }[];
};

/** Referrals to look at beside one: made by its friend, of friends like its friend, and those that brought its referrer. */
export type LinkedReferralsView = {
  readonly byFriend: readonly ReferralRowView[];
  readonly likeFriend: readonly ReferralRowView[];
  readonly ofReferrer: readonly ReferralRowView[];
};
