import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The browser is the referrer's, the card is not: a shared computer, perhaps. */
export const sameDevice: Rule = {
  id: "same_device",
  family: "self",
  outcome: "hold",
  weight: 50,
  threshold: null,
  mildest: "none",
  sees: (features) => (features.sameCard === true ? null : seesWhen(features.sameDevice, "sameDevice")),
};
