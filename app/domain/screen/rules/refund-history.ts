import type { Rule } from "../rule.ts";

/** Several of the referrer's last five rewarded orders were refunded. */
export const refundHistory: Rule = {
  id: "refund_history",
  family: "risk",
  outcome: "hold",
  weight: 50,
  threshold: { usual: 2, least: 1, most: 5, unit: "orders" },
  mildest: "none",
  sees: ({ refundedOfLastFive }, ordersLeast) =>
    refundedOfLastFive !== null && refundedOfLastFive >= ordersLeast ? { evidence: { refundedOfLastFive } } : null,
};
