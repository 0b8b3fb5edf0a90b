import type { RuleEvidence } from "./rule.ts";
import type { FiredRule, ScreenDecision } from "./screen.ts";
import { decide } from "./screen.ts";

/** What a reviewer saw and accepted: rules by id, each with the evidence that it showed. */
export type ApprovedRule = { readonly id: string; readonly evidence: RuleEvidence };

/** The decision that is left after an approval, and what the approval passed. */
export type ApprovedDecision = ScreenDecision & { readonly passed: readonly FiredRule[] };

/**
 * Takes out of a new decision what a reviewer has seen already: the same rule with the same evidence, and nothing else. A
 * rule that blocks is never passed, and a rule that fires anew, or on other evidence, holds again.
 */
export function applyApproval(decision: ScreenDecision, approved: readonly ApprovedRule[]): ApprovedDecision {
  const isPassed = (rule: FiredRule): boolean =>
    rule.outcome !== "block" &&
    approved.some((seen) => seen.id === rule.id && isSameEvidence(seen.evidence, rule.evidence));
  const passed = decision.rules.filter(isPassed);
  const rest = decision.rules.filter((rule) => !isPassed(rule));
  return { ...decide(rest, decision.ruleset), passed };
}

function isSameEvidence(left: RuleEvidence, right: RuleEvidence): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && left[name] === right[name])
  );
}
