import type { Reader } from "../json/read.ts";
import { listOf, objectOf, recordOf, textUpTo } from "../json/read.ts";
import type { RuleEvidence } from "./rule.ts";
import type { FiredRule, ScreenDecision } from "./screen.ts";
import { decide } from "./screen.ts";

/** What a reviewer saw and accepted: rules by id, each with the evidence that it showed. */
export type ApprovedRule = { readonly id: string; readonly evidence: RuleEvidence };

const APPROVED_RULES_MAX = 100;
const EVIDENCE_SIZE_MAX = 32;
const RULE_ID_LENGTH_MAX = 64;

const readApprovedRules: Reader<readonly ApprovedRule[]> = listOf(
  objectOf({ id: textUpTo(RULE_ID_LENGTH_MAX), evidence: recordOf(readEvidenceValue, EVIDENCE_SIZE_MAX) }),
  APPROVED_RULES_MAX,
);

/** Reads a kept or posted approval. Anything that is none reads as one that passes nothing; never throws. */
export function parseApprovedRules(json: unknown): readonly ApprovedRule[] {
  return readApprovedRules(json)?.value ?? [];
}

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

function readEvidenceValue(input: unknown): { readonly value: string | number | boolean } | null {
  return typeof input === "string" || typeof input === "number" || typeof input === "boolean" ? { value: input } : null;
}
