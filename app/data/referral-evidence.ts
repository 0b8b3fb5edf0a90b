/** The winning click, copied to the referral so that clicks may be dropped with their partition. */
export type ReferralEvidence = {
  readonly clickId: string;
  readonly code: string;
  /** Epoch milliseconds. */
  readonly clickedAt: number;
  readonly carrier: string;
  /** `row`: the door's record was found; `token_only`: the signed token alone, network facts unknown. */
  readonly source: "row" | "token_only";
  readonly referrerHost: string | null;
  /** A claim brought it, and the friend's browser is not known to be the one that claimed. Absent in rows from before. */
  readonly isBareClaim?: boolean;
};
