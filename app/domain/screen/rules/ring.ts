import type { Rule } from "../rule.ts";

/** Referrals lead from the friend back to the referrer. */
export const ring: Rule = {
  id: "ring",
  family: "ring",
  outcome: "hold",
  weight: 60,
  threshold: { usual: 4, least: 1, most: 4, unit: "hops" },
  mildest: "none",
  sees: ({ ringHops }, hopsMost) => (ringHops !== null && ringHops <= hopsMost ? { evidence: { ringHops } } : null),
};
