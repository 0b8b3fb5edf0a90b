import type { RewardKind, RewardTerms } from "../terms/terms.ts";

/** The unit of rewards whose cost is known only when they are used. */
export const COUPON_UNIT = "coupon";

function isCoupon(kind: RewardKind): boolean {
  return kind === "percent" || kind === "free_shipping";
}

/** What a reward is counted in: the shop's currency, or `coupon` for percentages and free delivery. */
export function rewardUnit(kind: RewardKind, currency: string): string {
  return isCoupon(kind) ? COUPON_UNIT : currency;
}

/** How much a reward puts on the ledger, in its unit: minor units of the currency, or one coupon. */
export function rewardAmountMinor(reward: Pick<RewardTerms, "kind" | "amountMinor">): bigint {
  return isCoupon(reward.kind) ? 1n : reward.amountMinor;
}
