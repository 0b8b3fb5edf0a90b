import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** Card and browser are both the referrer's: one person with two accounts. A merchant may have it looked at instead. */
export const sameCardAndDevice: Rule = {
  id: "same_card_and_device",
  family: "self",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "hold",
  sees: (features) => (features.sameCard === true ? seesWhen(features.sameDevice, "sameCardAndDevice") : null),
};
