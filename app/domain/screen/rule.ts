import type { ScreenFeatures } from "./features.ts";
import type { RuleId } from "./rule-ids.ts";

export type RuleOutcome = "block" | "hold" | "none";
/** Rules of a family see the same thing from several sides, so only the strongest counts in full. */
export type RuleFamily = "self" | "duplicate" | "velocity" | "bot" | "leak" | "risk" | "ring" | "merchant" | "evidence";
/** What a rule saw, in a form that can be stored and compared. */
export type RuleEvidence = Readonly<Record<string, string | number | boolean>>;
/** Evidence that a rule fired, with its own weight where that depends on what it saw. */
export type Sighting = { readonly evidence: RuleEvidence; readonly weight?: number };

/** A number that a merchant may move, and how far, both ends included. In the rule's own unit. */
export type RuleThreshold = {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  readonly unit: "seconds" | "letters" | "taps" | "people" | "addresses" | "orders" | "hops";
};

/** More numbers of one rule, by name. */
export type RuleLimits = Readonly<Record<string, number>>;

export type Rule = {
  readonly id: RuleId;
  readonly family: RuleFamily;
  readonly outcome: RuleOutcome;
  /** Hundredths, 0 to 100. */
  readonly weight: number;
  /** Null for a rule that only knows yes and no. */
  readonly threshold: RuleThreshold | null;
  /** Numbers beside the threshold that a merchant may move, by name; absent for most rules. */
  readonly limits?: Readonly<Record<string, RuleThreshold>>;
  /** The mildest outcome that a merchant may choose. */
  readonly mildest: RuleOutcome;
  /** Looks; null when the rule does not fire. Pure and total. `threshold` is 0 for a rule without one. */
  readonly sees: (features: ScreenFeatures, threshold: number, limits: RuleLimits) => Sighting | null;
};

const NO_LIMITS: RuleLimits = {};

/** The numbers beside a rule's threshold: what the merchant chose, else the usual ones. */
export function limitsOf(rule: Rule, chosen: RuleLimits = NO_LIMITS): RuleLimits {
  if (rule.limits === undefined) return NO_LIMITS;
  return Object.fromEntries(Object.entries(rule.limits).map(([name, { usual }]) => [name, chosen[name] ?? usual]));
}

/** A sighting for a fact that is simply true, and null when it is false or absent. */
export function seesWhen(fact: boolean | null, name: string): Sighting | null {
  return fact === true ? { evidence: { [name]: true } } : null;
}
