import type { CaseView, PersonView } from "#app/read-models.ts";
import { buildCase, CASE_ID, gbp, PERSON_ID, REFERRAL_ID, ROWS } from "./preview-views.ts";

/** An order that was refunded in part after its reward; the referrer has used theirs. */
export function buildRefundCase(change: Partial<CaseView> = {}): CaseView {
  const expiresAt = "2027-02-18T10:02:00.000Z";
  const worth = { kind: "money", value: gbp("10.00") } as const;
  return buildCase({
    id: CASE_ID.replace("c1", "c2"),
    kind: "refund_after_reward",
    reason: "order_refunded",
    friend: "Mara",
    referrer: "Dan",
    version: 1,
    rules: [],
    choices: [
      { intent: "leave", obstacle: null, sides: [] },
      { intent: "withdraw", obstacle: null, sides: ["friend"] },
      { intent: "claw_back", obstacle: null, sides: ["referrer"] },
      { intent: "goodwill", obstacle: "A goodwill reward was given on this case.", sides: [] },
    ],
    reversal: {
      refunded: gbp("31.50"),
      orderTotal: gbp("42.00"),
      percent: 75,
      disputed: null,
      reasons: ["order_refunded", "order_edited"],
      incomplete: false,
    },
    rewards: [
      { side: "referrer", kind: "earned", worth, status: "redeemed", code: "K7Q2MXW4ABCD2345", expiresAt, use: "used" },
      { side: "friend", kind: "earned", worth, status: "issued", code: "P3HT9RZN6WXY7892", expiresAt, use: "unused" },
    ],
    ...change,
  });
}

/** A referrer who asks for another look at a referral that ended so. */
export function buildAppeal(state: "EXPIRED" | "REJECTED"): CaseView {
  return buildCase({
    id: CASE_ID.replace("c1", state === "EXPIRED" ? "c4" : "c5"),
    kind: "appeal",
    reason: "appeal_order_kept",
    referral: { state, reason: state === "EXPIRED" ? "link_expired" : "same_device" },
    rules: [],
    choices: [{ intent: "leave", obstacle: null, sides: [] }],
    personId: PERSON_ID,
  });
}

/** A case that was decided and left a receivable. */
export function buildClosedCase(): CaseView {
  return buildRefundCase({
    id: CASE_ID.replace("c1", "c3"),
    state: "closed",
    decision: "clawed_back",
    choices: [
      { intent: "waive", obstacle: null, sides: [] },
      { intent: "goodwill", obstacle: null, sides: ["referrer", "friend"] },
    ],
    receivable: { money: gbp("10.00"), coupons: 0 },
  });
}

/** Dan, who refers many. */
export function buildPerson(): PersonView {
  const worth = { kind: "money", value: gbp("10.00") } as const;
  const given = {
    side: "referrer",
    kind: "earned",
    worth,
    expiresAt: null,
    givenAt: "2026-11-16T09:00:00.000Z",
  } as const;
  return {
    id: PERSON_ID,
    shortId: "0000B1",
    firstName: "Dan",
    code: "7QK2A",
    codeState: "active",
    retiredReason: null,
    aliases: ["DAN-AND-MARA"],
    counts: { PENDING: 1, HELD: 0, REWARDED: 4, REJECTED: 1, EXPIRED: 2, VOIDED: 0 },
    earned: { money: gbp("40.00"), coupons: 0 },
    used: { money: gbp("20.00"), coupons: 0 },
    receivable: { money: gbp("10.00"), coupons: 0 },
    referrals: ROWS.filter((each) => each.referrer === "Dan"),
    rewards: [
      { ...given, id: "1", status: "issued", code: "K7Q2MXW4ABCD2345", referralId: REFERRAL_ID },
      { ...given, id: "2", status: "offset", code: null, referralId: REFERRAL_ID },
    ],
    cases: [buildClosedCase()],
  };
}
