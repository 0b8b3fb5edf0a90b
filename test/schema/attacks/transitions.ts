import { canTransition, REFERRAL_STATES, type ReferralState } from "#app/domain/referral/state.ts";

import { type Attack, type Stage } from "../stage.ts";

const become = (id: string, state: ReferralState, reason = "r") => {
  const ended = state !== "PENDING" && state !== "HELD";
  return `UPDATE referrals SET state = '${state}', reason = '${reason}', decided_at = ${ended ? "now()" : "NULL"} WHERE id = '${id}'`;
};

// Every referral that stands in a state, and what has to happen first.
const inState: Record<ReferralState, (s: Stage) => { id: string; first: string[] }> = {
  PENDING: (s) => ({ id: s.open, first: [] }),
  HELD: (s) => ({ id: s.open, first: [become(s.open, "HELD")] }),
  REWARDED: (s) => ({ id: s.paid, first: [] }),
  REJECTED: (s) => ({ id: s.rejected, first: [] }),
  EXPIRED: (s) => ({ id: s.expired, first: [] }),
  VOIDED: (s) => ({ id: s.open, first: [become(s.open, "VOIDED")] }),
};

/** Every pair of different states that the machine does not allow. */
export const ILLEGAL_TRANSITIONS = REFERRAL_STATES.flatMap((from) =>
  REFERRAL_STATES.filter((to) => from !== to && !canTransition(from, to)).map((to) => [from, to] as const),
);

// From a state to itself is no transition: what is open stays open, and what is settled does not change at all.
const SETTLED: readonly ReferralState[] = ["REWARDED", "REJECTED", "EXPIRED", "VOIDED"];

/** Refused by the database, whatever the code says. */
export const TRANSITION_ATTACKS: readonly Attack[] = [
  ...ILLEGAL_TRANSITIONS.map(([from, to]): Attack => {
    const statements = (s: Stage) => {
      const { id, first } = inState[from](s);
      return [...first, become(id, to)];
    };
    return [`${from} to ${to}`, "referral_guard", statements];
  }),
  ...SETTLED.map((state): Attack => {
    const statements = (s: Stage) => {
      const { id, first } = inState[state](s);
      return [...first, become(id, state, "another")];
    };
    return [`${state} to itself, with another reason`, "referral_guard", statements];
  }),
];
