export const REFERRAL_STATES = ["PENDING", "HELD", "REWARDED", "REJECTED", "EXPIRED", "VOIDED"] as const;
export type ReferralState = (typeof REFERRAL_STATES)[number];
export type Settlement = "OPEN" | "POSTED" | "VOID";

/** The whole machine. The database holds the same rows and refuses every other change; a test compares the two. */
export const REFERRAL_TRANSITIONS: readonly (readonly [from: ReferralState, to: ReferralState])[] = [
  ["PENDING", "HELD"],
  ["PENDING", "REWARDED"],
  ["PENDING", "REJECTED"],
  ["PENDING", "EXPIRED"],
  ["PENDING", "VOIDED"],
  ["HELD", "PENDING"],
  ["HELD", "REJECTED"],
  ["HELD", "EXPIRED"],
  ["HELD", "VOIDED"],
];

/** Whether a referral in `from` may become `to`. */
export function canTransition(from: ReferralState, to: ReferralState): boolean {
  return REFERRAL_TRANSITIONS.some(([source, target]) => source === from && target === to);
}

/** What a state means for the money: undecided, earned, or not owed. */
export function settlementOf(state: ReferralState): Settlement {
  if (state === "PENDING" || state === "HELD") return "OPEN";
  return state === "REWARDED" ? "POSTED" : "VOID";
}

/** Reads a state from text; null when it is none. */
export function parseReferralState(text: string): ReferralState | null {
  return REFERRAL_STATES.find((state) => state === text) ?? null;
}
