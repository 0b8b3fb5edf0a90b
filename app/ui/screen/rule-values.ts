import type { RuleOutcomeView, RuleSettingView } from "../../screen-models.ts";

/** A rule's values as the form holds them; numbers are text while they are typed. */
export type RuleValues = {
  readonly outcome: RuleOutcomeView;
  readonly weight: string;
  readonly threshold: string;
  readonly limits: Readonly<Record<string, string>>;
};

export type RuleChange = {
  readonly outcome?: string;
  readonly weight?: number | string;
  readonly threshold?: number | string;
  readonly limits?: Readonly<Record<string, number | string>>;
};

/** The values that a rule starts with. */
export function valuesOf(rule: RuleSettingView): RuleValues {
  const { outcome, weight, threshold } = rule;
  const limits = Object.fromEntries(rule.limits.map(({ name, value }) => [name, String(value)]));
  return { outcome, weight: String(weight), threshold: threshold === null ? "" : String(threshold.value), limits };
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
        ...limitChanges(before.limits, now.limits),
      };
      return Object.keys(change).length === 0 ? [] : [[rule.id, change]];
    }),
  );
}

function limitChanges(before: RuleValues["limits"], now: RuleValues["limits"]): Pick<RuleChange, "limits"> {
  const changed = Object.entries(now).filter(([name, typed]) => typed !== before[name]);
  if (changed.length === 0) return {};
  return { limits: Object.fromEntries(changed.map(([name, typed]) => [name, numberOrText(typed)])) };
}

function numberOrText(typed: string): number | string {
  return /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : typed;
}
