import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The delivery address is the referrer's. */
export const sameAddress: Rule = {
  id: "same_address",
  family: "self",
  outcome: "hold",
  weight: 40,
  threshold: null,
  mildest: "none",
  sees: (features) => seesWhen(features.sameAddress, "sameAddress"),
};
