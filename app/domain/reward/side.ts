import type { FriendWhen } from "../terms/terms.ts";

/** Who a reward is for: 1 the referrer, 2 the friend. */
export const SIDE = { referrer: 1, friend: 2 } as const;
export type Side = (typeof SIDE)[keyof typeof SIDE];
/** The sides that a pending must exist for: 1 the referrer's, 3 both. */
export type OwedSides = 1 | 3;

/** Which sides a new referral owes. A discount on the first order is spent before anything is decided, so it is not owed. */
export function owedSides(friendWhen: FriendWhen): OwedSides {
  return friendWhen === "after_first_order" ? 3 : 1;
}
