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

export type Rule = {
  readonly id: RuleId;
  readonly family: RuleFamily;
  readonly outcome: RuleOutcome;
  /** Hundredths, 0 to 100. */
  readonly weight: number;
  /** Null for a rule that only knows yes and no. */
  readonly threshold: RuleThreshold | null;
  /** The mildest outcome that a merchant may choose. */
  readonly mildest: RuleOutcome;
  /** Looks; null when the rule does not fire. Pure and total. `threshold` is 0 for a rule without one. */
  readonly sees: (features: ScreenFeatures, threshold: number) => Sighting | null;
};

/** A sighting for a fact that is simply true, and null when it is false or absent. */
export function seesWhen(fact: boolean | null, name: string): Sighting | null {
  return fact === true ? { evidence: { [name]: true } } : null;
}
