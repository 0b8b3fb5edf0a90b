import type { ReferralState } from "../referral/state.ts";

/** What a customer may say when they ask for another look: one of a list, so that no free text of theirs is stored. */
export const APPEAL_GROUNDS = ["new_customer", "order_kept", "own_household", "other"] as const;
export type AppealGround = (typeof APPEAL_GROUNDS)[number];

/** An appeal is about a referral that was decided against; what still runs is decided first. */
const OVER: ReadonlySet<ReferralState> = new Set(["REJECTED", "EXPIRED", "VOIDED"]);

/** More appeals in this time wait for their turn: a person reads each of them. */
export const APPEALS_MAX = 5;
export const APPEALS_WINDOW_DAYS = 30;

/** Reads a ground as a page sends it; what is absent or unknown is `other`. */
export function parseGround(sent: unknown): AppealGround {
  return APPEAL_GROUNDS.find((ground) => ground === sent) ?? "other";
}

/** Whether a referral in this state may be appealed at all. */
export function isAppealable(state: ReferralState): boolean {
  return OVER.has(state);
}
