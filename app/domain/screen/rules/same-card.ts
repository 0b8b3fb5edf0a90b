import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The card is the referrer's, the browser is not: a couple, perhaps. */
export const sameCard: Rule = {
  id: "same_card",
  family: "self",
  outcome: "hold",
  weight: 60,
  threshold: null,
  mildest: "none",
  sees: (features) => (features.sameDevice === true ? null : seesWhen(features.sameCard, "sameCard")),
};
