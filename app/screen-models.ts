/** What the pages of the screen show; as `read-models`, plain text and numbers. */

export type RuleOutcomeView = "block" | "hold" | "none";

/** One rule as a merchant may bend it. */
export type RuleSettingView = {
  readonly id: string;
  readonly family: string;
  readonly outcome: RuleOutcomeView;
  readonly weight: number;
  /** Null for a rule that only knows yes and no. */
  readonly threshold: {
    readonly value: number;
    readonly least: number;
    readonly most: number;
    readonly unit: string;
  } | null;
  /** Numbers beside the threshold; empty for most rules. */
  readonly limits: readonly {
    readonly name: string;
    readonly value: number;
    readonly least: number;
    readonly most: number;
    readonly unit: string;
  }[];
  /** What may be chosen, the strictest first; one alone where nothing may be changed. */
  readonly choices: readonly RuleOutcomeView[];
  /** Differs from the rule's own values. */
  readonly isBent: boolean;
};

export type VerdictView = { readonly verdict: "pass" | "hold" | "block"; readonly score: number };

/** What changed settings would have made of the past. */
export type BackTestView = {
  readonly months: number;
  readonly tested: number;
  readonly unreadable: number;
  readonly held: number;
  readonly blocked: number;
  readonly released: number;
  readonly isTruncated: boolean;
  /** The newest of those that would have come out otherwise. */
  readonly cases: readonly {
    readonly referralId: string;
    readonly at: string;
    readonly change: "held" | "blocked" | "released";
    readonly was: VerdictView;
    readonly would: VerdictView;
    readonly rules: readonly string[];
  }[];
};

/** What the screen would make of two people. */
export type TriedView = VerdictView & {
  readonly rules: readonly {
    readonly id: string;
    readonly said: "fired" | "quiet" | "off" | "failed";
    readonly outcome: RuleOutcomeView | null;
    readonly weight: number;
    readonly evidence: Readonly<Record<string, string | number | boolean>>;
  }[];
  readonly referrerPerson: string | null;
  readonly friendPerson: string | null;
};

export type BlockView = {
  readonly id: string;
  readonly kind: "person" | "code" | "domain";
  readonly subject: string;
  readonly reason: string;
  readonly addedAt: string;
};
