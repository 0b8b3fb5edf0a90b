import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend is in another referral that is open or was rewarded. The database refuses a second one; this sees those that a merge brought together. */
export const duplicatePerson: Rule = {
  id: "duplicate_person",
  family: "duplicate",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "none",
  sees: ({ otherReferral }) => seesWhen(otherReferral, "otherReferral"),
};
