import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend's e-mail address is the referrer's, but for capitals, tags and dots. */
export const sameEmail: Rule = {
  id: "same_email",
  family: "self",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "block",
  sees: (features) => seesWhen(features.sameEmail, "sameEmail"),
};
