import type { Rule } from "../rule.ts";
import { seesWhen } from "../rule.ts";

/** Shopify could not be asked for a day, so a person looks. */
export const evidenceMissing: Rule = {
  id: "evidence_missing",
  family: "evidence",
  outcome: "hold",
  weight: 30,
  threshold: null,
  mildest: "none",
  sees: (features) => seesWhen(features.evidenceMissing, "evidenceMissing"),
};
