import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** The friend had bought before. */
export const existingCustomer: Rule = {
  id: "existing_customer",
  family: "duplicate",
  outcome: "block",
  weight: 100,
  threshold: null,
  mildest: "none",
  sees: (features) => seesWhen(features.boughtBefore, "boughtBefore"),
};
