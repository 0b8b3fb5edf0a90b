import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend's customer account is the referrer's. */
export const sameAccount: Rule = {
  id: "same_account",
  family: "self",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "block",
  sees: (features) => seesWhen(features.sameAccount, "sameAccount"),
};
