import type { ReferralState } from "./state.ts";

export const PUBLIC_REASONS = [
  "waiting_for_order",
  "in_cooling_off",
  "in_review",
  "paid",
  "not_new_customer",
  "link_expired",
  "order_not_completed",
  "not_eligible",
] as const;
export type PublicReason = (typeof PUBLIC_REASONS)[number];

const NOT_NEW: ReadonlySet<string> = new Set(["existing_customer", "duplicate_person"]);
const NOT_COMPLETED: ReadonlySet<string> = new Set([
  "order_cancelled",
  "order_refunded",
  "order_not_paid",
  "zero_total",
  "test_order",
]);

/**
 * Says in one of eight words why a referral stands where it does. What the screen found is told to the merchant alone: to a
 * customer it is `not_eligible`, which teaches nobody how to get round it.
 */
export function publicWhy(referral: {
  readonly state: ReferralState;
  readonly reason: string | null;
  readonly hasPaidOrder: boolean;
}): PublicReason {
  switch (referral.state) {
    case "PENDING":
      return referral.hasPaidOrder ? "in_cooling_off" : "waiting_for_order";
    case "HELD":
      return "in_review";
    case "REWARDED":
      return "paid";
    case "EXPIRED":
      return "link_expired";
    case "REJECTED":
    case "VOIDED":
      return whyNot(referral.reason);
  }
}

function whyNot(reason: string | null): PublicReason {
  if (reason !== null && NOT_NEW.has(reason)) return "not_new_customer";
  return reason !== null && NOT_COMPLETED.has(reason) ? "order_not_completed" : "not_eligible";
}
