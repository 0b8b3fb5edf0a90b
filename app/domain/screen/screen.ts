import type { ScreenOverride } from "../terms/terms.ts";
import type { ScreenFeatures } from "./features.ts";
import { RULES, RULESET_VERSION } from "./registry.ts";
import type { Rule, RuleEvidence, RuleFamily, RuleOutcome } from "./rule.ts";
import { limitsOf } from "./rule.ts";
import type { RuleId } from "./rule-ids.ts";
import { RULE_IDS } from "./rule-ids.ts";

export type ScreenVerdict = "pass" | "hold" | "block";
/** A rule that fired; `rule_failed` stands for one that could not look, and names it in its evidence. */
export type FiredRule = {
  readonly id: RuleId | "rule_failed";
  readonly family: RuleFamily;
  readonly outcome: RuleOutcome;
  readonly weight: number;
  readonly evidence: RuleEvidence;
};
export type ScreenDecision = {
  readonly verdict: ScreenVerdict;
  /** 0 to 100. */
  readonly score: number;
  readonly rules: readonly FiredRule[];
  readonly ruleset: string;
};
/** A merchant's changes by rule id, as terms keep them. */
export type ScreenSettings = Readonly<Record<string, ScreenOverride>>;

const SCORE_MAX = 100;
const HOLD_SCORE = 30;
const FRAUD_SCORE = 70;
const SEVERITY: { readonly [K in RuleOutcome]: number } = { none: 0, hold: 1, block: 2 };

/**
 * Weighs one referral. Total and deterministic: every rule looks, a rule that fails holds the referral instead of letting it
 * through, and the order of the rules changes nothing. The worst outcome decides; without any, a score of 30 holds.
 */
export function screen(
  features: ScreenFeatures,
  settings: ScreenSettings,
  rules: readonly Rule[] = RULES,
  ruleset: string = RULESET_VERSION,
): ScreenDecision {
  const fired = rules.flatMap((rule) => lookWith(rule, features, settings[rule.id] ?? {}));
  return decide(fired.toSorted(byPlace), ruleset);
}

/** Whether a merchant switched a rule off: it has neither outcome nor weight, and does not look. */
export function isSwitchedOff(rule: Rule, settings: ScreenSettings): boolean {
  const override = settings[rule.id] ?? {};
  return outcomeOf(rule, override) === "none" && (override.weight ?? rule.weight) === 0;
}

/** Verdict and score of the rules that fired. */
export function decide(rules: readonly FiredRule[], ruleset: string): ScreenDecision {
  const score = scoreOf(rules);
  const worst = rules.reduce((severity, rule) => Math.max(severity, SEVERITY[rule.outcome]), 0);
  if (worst === SEVERITY.block) return { verdict: "block", score, rules, ruleset };
  const isHeld = worst === SEVERITY.hold || score >= HOLD_SCORE;
  return { verdict: isHeld ? "hold" : "pass", score, rules, ruleset };
}

/**
 * The rule that a decision is recorded under: the first of those that asked for its verdict, and where only the score held it
 * the heaviest. "score" when no rule fired at all.
 */
export function reasonOf({ verdict, rules }: ScreenDecision): string {
  const asked = rules.find(({ outcome }) => outcome === verdict);
  const heaviest = rules.toSorted((left, right) => right.weight - left.weight)[0];
  return (asked ?? heaviest)?.id ?? "score";
}

/** Whether a decision is shown as likely fraud. */
export function isLikelyFraud(decision: ScreenDecision): boolean {
  return decision.score >= FRAUD_SCORE;
}

/** At most one finding of a rule. */
function lookWith(rule: Rule, features: ScreenFeatures, override: ScreenOverride): readonly FiredRule[] {
  const outcome = outcomeOf(rule, override);
  if (outcome === "none" && (override.weight ?? rule.weight) === 0) return [];
  const { id, family } = rule;
  try {
    const sighting = rule.sees(
      features,
      override.threshold ?? rule.threshold?.usual ?? 0,
      limitsOf(rule, override.limits),
    );
    if (sighting === null) return [];
    return [
      { id, family, outcome, weight: override.weight ?? sighting.weight ?? rule.weight, evidence: sighting.evidence },
    ];
  } catch {
    // Money never moves past a rule that could not look; the finding itself tells the reviewer which one it was.
    return [{ id: "rule_failed", family, outcome: "hold", weight: 0, evidence: { rule: id } }];
  }
}

/** The merchant's choice, but none that is milder than the rule allows. */
function outcomeOf(rule: Rule, override: ScreenOverride): RuleOutcome {
  const chosen = override.outcome ?? rule.outcome;
  return SEVERITY[chosen] < SEVERITY[rule.mildest] ? rule.mildest : chosen;
}

/** The strongest rule of each family in full, the others by half; counted in halves, so that whole numbers stay exact. */
function scoreOf(rules: readonly FiredRule[]): number {
  const strongest = new Map<RuleFamily, number>();
  for (const { family, weight } of rules) strongest.set(family, Math.max(strongest.get(family) ?? 0, weight));
  const halves =
    rules.reduce((sum, rule) => sum + rule.weight, 0) + strongest.values().reduce((sum, weight) => sum + weight, 0);
  return Math.min(SCORE_MAX, Math.floor(halves / 2));
}

function byPlace(left: FiredRule, right: FiredRule): number {
  return placeOf(left) - placeOf(right);
}

/** A failed rule stands where it would have stood, after all that fired. */
function placeOf(rule: FiredRule): number {
  if (rule.id !== "rule_failed") return RULE_IDS.indexOf(rule.id);
  return RULE_IDS.length + RULE_IDS.findIndex((id) => id === rule.evidence["rule"]);
}
