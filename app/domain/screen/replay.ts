import { readFeatures } from "./read-features.ts";
import { rulesOf } from "./registry.ts";
import type { FiredRule, ScreenDecision, ScreenSettings, ScreenVerdict } from "./screen.ts";
import { screen } from "./screen.ts";

/** A decision as it was stored, and the settings of the terms that the referral pins. */
export type StoredDecision = {
  readonly ruleset: string;
  readonly features: unknown;
  readonly verdict: ScreenVerdict;
  readonly score: number;
  readonly rules: readonly FiredRule[];
  readonly settings: ScreenSettings;
};

export type Replay =
  | { readonly outcome: "same"; readonly decision: ScreenDecision }
  | { readonly outcome: "differs"; readonly decision: ScreenDecision }
  /** The features are not this program's, or the rule set is one that it no longer has. */
  | { readonly outcome: "unreadable"; readonly what: "features" | "ruleset" };

/** Decides once more on what a decision was stored with, by the rules of its time, and compares to the letter. */
export function replayDecision(stored: StoredDecision): Replay {
  const rules = rulesOf(stored.ruleset);
  if (rules === null) return { outcome: "unreadable", what: "ruleset" };
  const features = readFeatures(stored.features);
  if (features === null) return { outcome: "unreadable", what: "features" };
  const decision = screen(features, stored.settings, rules, stored.ruleset);
  return { outcome: isSameDecision(stored, decision) ? "same" : "differs", decision };
}

function isSameDecision(stored: StoredDecision, decision: ScreenDecision): boolean {
  return (
    stored.verdict === decision.verdict &&
    stored.score === decision.score &&
    printed(stored.rules) === printed(decision.rules)
  );
}

/** The database may hand the fields of an object back in another order than it was given. */
function printed(rules: readonly FiredRule[]): string {
  return JSON.stringify(
    rules.map(({ id, family, outcome, weight, evidence }) => [
      id,
      family,
      outcome,
      weight,
      Object.entries(evidence).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    ]),
  );
}
