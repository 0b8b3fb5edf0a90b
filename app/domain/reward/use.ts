import { COUPON_UNIT } from "./reward-value.ts";

/** What is booked when an order carries a reward's code; `concern` is what a person must be told, null when all is well. */
export type UsePlan =
  | { readonly outcome: "book"; readonly amountMinor: bigint; readonly concern: UseConcern | null }
  | { readonly outcome: "ask"; readonly concern: UseConcern };

export type UseConcern =
  /** The code was worth more on the order than the reward holds: somebody changed the discount. */
  | "discount_larger_than_reward"
  /** The code was used on an order before this one. */
  | "reward_used_twice"
  /** What the reward held was broken off, set off or withdrawn before the order was told of. */
  | "reward_used_after_end"
  /** The order is in another currency than the reward: the shop changed its own. */
  | "reward_currency_differs";

/**
 * Decides what a use takes off a reward. A reward never gives more than it holds, so what cannot be booked is asked about
 * and not hidden. Pure.
 *
 * @param use.amountMinor What the code took off, in minor units of `use.currency`; 0 when it took nothing off.
 */
export function planUse(
  reward: { readonly unit: string; readonly status: string; readonly remaining: bigint },
  use: { readonly amountMinor: bigint; readonly currency: string },
): UsePlan {
  if (reward.remaining === 0n)
    return { outcome: "ask", concern: reward.status === "redeemed" ? "reward_used_twice" : "reward_used_after_end" };
  if (reward.unit === COUPON_UNIT) return { outcome: "book", amountMinor: use.amountMinor, concern: null };
  if (reward.unit !== use.currency) return { outcome: "ask", concern: "reward_currency_differs" };
  return use.amountMinor > reward.remaining
    ? { outcome: "book", amountMinor: reward.remaining, concern: "discount_larger_than_reward" }
    : { outcome: "book", amountMinor: use.amountMinor, concern: null };
}
