import { RULES } from "../domain/screen/registry.ts";
import type { Rule, RuleOutcome } from "../domain/screen/rule.ts";
import { STRONG_RULE_IDS } from "../domain/screen/rule-ids.ts";
import type { ScreenSettings } from "../domain/screen/screen.ts";
import type { BackTestView, RuleOutcomeView, RuleSettingView, TriedView } from "../screen-models.ts";
import type { BackTestResult } from "../usecases/back-test-screen.ts";
import type { TryResult } from "../usecases/try-two-people.ts";

const STRICTEST_FIRST: readonly RuleOutcomeView[] = ["block", "hold", "none"];
const CASES_SHOWN_MAX = 50;

/** Every rule with the values in force, in the order of the screen. */
export function ruleSettings(settings: ScreenSettings): RuleSettingView[] {
  return RULES.map((rule) => {
    const bent = settings[rule.id] ?? {};
    const { id, family, threshold } = rule;
    return {
      id,
      family,
      outcome: bent.outcome ?? rule.outcome,
      weight: bent.weight ?? rule.weight,
      threshold:
        threshold === null
          ? null
          : {
              value: bent.threshold ?? threshold.usual,
              least: threshold.least,
              most: threshold.most,
              unit: threshold.unit,
            },
      limits: Object.entries(rule.limits ?? {}).map(([name, { usual, least, most, unit }]) => ({
        name,
        value: bent.limits?.[name] ?? usual,
        least,
        most,
        unit,
      })),
      choices: choicesOf(rule),
      isBent: Object.keys(bent).length > 0,
    };
  });
}

function choicesOf(rule: Rule): readonly RuleOutcomeView[] {
  if (STRONG_RULE_IDS.includes(rule.id)) return ["block"];
  const mildest = STRICTEST_FIRST.indexOf(rule.mildest satisfies RuleOutcome);
  return STRICTEST_FIRST.slice(0, mildest + 1);
}

/** A back-test as its page shows it: all the counts, and the newest cases. */
export function backTestView(tested: Extract<BackTestResult, { outcome: "tested" }>, months: number): BackTestView {
  const { held, blocked, released, unreadable, isTruncated } = tested;
  return {
    months,
    tested: tested.tested,
    unreadable,
    held,
    blocked,
    released,
    isTruncated,
    cases: tested.cases.slice(0, CASES_SHOWN_MAX).map(({ referralId, at, change, was, would }) => ({
      referralId,
      at: new Date(at).toISOString(),
      change,
      was,
      would: { verdict: would.verdict, score: would.score },
      rules: would.rules.map(({ id }) => id),
    })),
  };
}

/** What every rule said of two people. */
export function triedView(tried: Extract<TryResult, { outcome: "tried" }>): TriedView {
  const { verdict, score } = tried.decision;
  return {
    verdict,
    score,
    rules: tried.rules.map(({ id, said, fired }) => ({
      id,
      said,
      outcome: fired?.outcome ?? null,
      weight: fired?.weight ?? 0,
      evidence: fired?.evidence ?? {},
    })),
    referrerPerson: tried.referrerPerson,
    friendPerson: tried.friendPerson,
  };
}
