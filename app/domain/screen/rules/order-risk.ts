import type { Rule } from "../rule.ts";

const CANCEL_WEIGHT = 80;

/** Shopify recommends to look at the order, or to cancel it, which weighs more. */
export const orderRisk: Rule = {
  id: "order_risk",
  family: "risk",
  outcome: "hold",
  weight: 50,
  threshold: null,
  mildest: "none",
  sees: ({ riskRecommendation }) => {
    if (riskRecommendation === "cancel") return { evidence: { riskRecommendation }, weight: CANCEL_WEIGHT };
    return riskRecommendation === "investigate" ? { evidence: { riskRecommendation } } : null;
  },
};
