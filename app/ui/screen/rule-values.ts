import type { RuleOutcomeView, RuleSettingView } from "../../screen-models.ts";

/** A rule's values as the form holds them; numbers are text while they are typed. */
export type RuleValues = { readonly outcome: RuleOutcomeView; readonly weight: string; readonly threshold: string };

export type RuleChange = {
  readonly outcome?: string;
  readonly weight?: number | string;
  readonly threshold?: number | string;
};

/** The values that a rule starts with. */
export function valuesOf(rule: RuleSettingView): RuleValues {
  const { outcome, weight, threshold } = rule;
  return { outcome, weight: String(weight), threshold: threshold === null ? "" : String(threshold.value) };
}

/**
 * What differs from the values in force, in the public form of the terms' `screen`. What is no number goes as it was typed: the
 * server says what is wrong with it.
 */
export function changesOf(
  rules: readonly RuleSettingView[],
  values: Readonly<Record<string, RuleValues>>,
): Readonly<Record<string, RuleChange>> {
  return Object.fromEntries(
    rules.flatMap((rule) => {
      const [before, now] = [valuesOf(rule), values[rule.id] ?? valuesOf(rule)];
      const change: RuleChange = {
        ...(now.outcome === before.outcome ? {} : { outcome: now.outcome }),
        ...(now.weight === before.weight ? {} : { weight: numberOrText(now.weight) }),
        ...(now.threshold === before.threshold ? {} : { threshold: numberOrText(now.threshold) }),
      };
      return Object.keys(change).length === 0 ? [] : [[rule.id, change]];
    }),
  );
}

function numberOrText(typed: string): number | string {
  return /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : typed;
}
