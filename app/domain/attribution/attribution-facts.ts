import type { ClickEvidence } from "./click-evidence.ts";
import type { OrderHistory } from "./existing-customer.ts";

export type AttributionFacts = {
  /** When the sign-up, bind or order happened. */
  readonly at: number;
  /** When that cart's checkout began; null for anything that is no order. */
  readonly cartAt: number | null;
  /** The device seen with the event. */
  readonly device: string | null;
  /** The cart that an order was made from, as a keyed hash; null for anything that is no order. */
  readonly cartTokenHash: string | null;
  readonly friend: OrderHistory & {
    readonly personId: string | null;
    readonly hasLiveReferral: boolean;
    readonly hasRewardedReferral: boolean;
  };
  /** Evidence of all carriers, in any order. The same click may come by several. */
  readonly clicks: readonly ClickEvidence[];
};
