import type { Rule } from "../rule.ts";

const MS_PER_SECOND = 1_000;

/** The order came sooner after the click than a person can shop. The threshold is in seconds. */
export const tooFast: Rule = {
  id: "too_fast",
  family: "velocity",
  outcome: "hold",
  weight: 40,
  threshold: { usual: 3, least: 0, most: 86_400, unit: "seconds" },
  mildest: "none",
  sees: ({ clickToOrderMs }, thresholdSeconds) =>
    clickToOrderMs !== null && clickToOrderMs < thresholdSeconds * MS_PER_SECOND
      ? { evidence: { clickToOrderMs } }
      : null,
};
