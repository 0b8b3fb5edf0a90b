import type { Rule } from "../rule.ts";

/**
 * Card or browser is the referrer's, and another friend on it was stopped as the referrer's own second account: the pair is
 * known by then. A merchant may have it looked at instead.
 */
export const stoppedBefore: Rule = {
  id: "stopped_before",
  family: "self",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "hold",
  sees: ({ sameCard, sameDevice, peopleStopped }) =>
    (sameCard === true || sameDevice === true) && peopleStopped !== null && peopleStopped > 0
      ? { evidence: { peopleStopped } }
      : null,
};
