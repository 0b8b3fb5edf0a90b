import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend's phone number is the referrer's. */
export const samePhone: Rule = {
  id: "same_phone",
  family: "self",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "block",
  sees: (features) => seesWhen(features.samePhone, "samePhone"),
};
