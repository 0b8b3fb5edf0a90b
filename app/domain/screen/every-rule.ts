import type { ScreenFeatures } from "./features.ts";
import { RULES } from "./registry.ts";
import type { RuleId } from "./rule-ids.ts";
import type { FiredRule, ScreenDecision, ScreenSettings } from "./screen.ts";
import { isSwitchedOff, screen } from "./screen.ts";

/** What one rule has to say about a referral: it fires, it stays quiet, it is switched off, or it could not look. */
export type RuleSaid = {
  readonly id: RuleId;
  readonly said: "fired" | "quiet" | "off" | "failed";
  /** Null unless it fired. */
  readonly fired: FiredRule | null;
};

/** The verdict on some features together with what every rule says, the quiet ones too, in the order of the rules. */
export function everyRule(
  features: ScreenFeatures,
  settings: ScreenSettings,
): { readonly decision: ScreenDecision; readonly rules: readonly RuleSaid[] } {
  const decision = screen(features, settings);
  const failed = new Set(
    decision.rules.filter(({ id }) => id === "rule_failed").map(({ evidence }) => evidence["rule"]),
  );
  const rules = RULES.map((rule): RuleSaid => {
    const { id } = rule;
    const fired = decision.rules.find((one) => one.id === id) ?? null;
    if (fired !== null) return { id, said: "fired", fired };
    if (failed.has(id)) return { id, said: "failed", fired };
    return { id, said: isSwitchedOff(rule, settings) ? "off" : "quiet", fired };
  });
  return { decision, rules };
}
