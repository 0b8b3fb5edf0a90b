import { newId } from "#app/platform/ids.ts";
import { TIMES } from "#test/harness/world.ts";

import { type Attack, insert, type Stage } from "../stage.ts";

const referral = (s: Stage, row: object = {}) =>
  insert("referrals", {
    shop_id: s.shopId,
    id: newId(),
    code_id: s.codeId,
    referrer_person: s.referrer,
    terms_version: 1,
    friend_person: s.stranger,
    owed: 3,
    expires_at: TIMES.expires.toISOString(),
    ...row,
  });
const change = (id: string, assignment: string) => `UPDATE referrals SET ${assignment} WHERE id = '${id}'`;
const merge = (from: string, into: string) => `UPDATE people SET merged_into = '${into}' WHERE id = '${from}'`;

/** Refused by the database, whoever tries. */
export const REFERRAL_ATTACKS: readonly Attack[] = [
  ["a referral that is born HELD", "referral_guard", (s) => [referral(s, { state: "HELD", reason: "r" })]],
  [
    "a referral that is born REWARDED",
    "referral_guard",
    (s) => [referral(s, { state: "REWARDED", decided_at: TIMES.opened.toISOString() })],
  ],
  [
    "a referral that is born with its cap waived",
    "referral_guard",
    (s) => [referral(s, { cap_waived: { sql: "true" } })],
  ],
  ["a referral that is born changed", "referral_guard", (s) => [referral(s, { version: 1 })]],
  ["a change of the friend", "referral_guard", (s) => [change(s.open, `friend_person = '${s.stranger}'`)]],
  ["a change of the referrer", "referral_guard", (s) => [change(s.open, `referrer_person = '${s.stranger}'`)]],
  ["a change of the code", "referral_guard", (s) => [change(s.open, `code_id = '${newId()}'`)]],
  ["a change of what is owed", "referral_guard", (s) => [change(s.open, "owed = 1")]],
  ["a change of when it was opened", "referral_guard", (s) => [change(s.open, "opened_at = now()")]],
  [
    "another order in place of the recorded one",
    "referral_guard",
    (s) => [change(s.converted, "qualifying_order = 1")],
  ],
  ["another order on a settled referral", "referral_guard", (s) => [change(s.paid, "qualifying_order = 1")]],
  ["another reason on a settled referral", "referral_guard", (s) => [change(s.rejected, "reason = 'another'")]],
  ["another end on a settled referral", "referral_guard", (s) => [change(s.rejected, "decided_at = now()")]],
  ["other evidence on a settled referral", "referral_guard", (s) => [change(s.paid, `evidence = '{"a": 1}'`)]],
  [
    "evidence put back after a redaction",
    "referral_guard",
    (s) => [change(s.paid, "evidence = NULL"), change(s.paid, "evidence = '{}'")],
  ],
  ["another snapshot on a settled referral", "referral_guard", (s) => [change(s.paid, `order_snapshot = '{"a": 1}'`)]],
  ["a second live referral of a friend", "one_live_referral", (s) => [referral(s, { friend_person: s.friend })]],
  [
    "a referral of a friend who was rewarded",
    "one_live_referral",
    (s) => [referral(s, { friend_person: s.paidFriend })],
  ],
  [
    "one order for two referrals",
    "one_order_once",
    (s) => [change(s.open, `qualifying_order = ${s.convertedOrder}, order_at = now()`)],
  ],
  [
    "an order that was rewarded before",
    "one_order_once",
    (s) => [change(s.open, `qualifying_order = ${s.paidOrder}, order_at = now()`)],
  ],
  [
    "a referrer who does not own the code",
    "code_owner_and_terms_match",
    (s) => [referral(s, { referrer_person: s.paidFriend })],
  ],
  ["a code of another shop", "code_owner_and_terms_match", (s) => [referral(s, { code_id: s.other.codeId })]],
  ["other terms than the code's", "code_owner_and_terms_match", (s) => [referral(s, { terms_version: 2 })]],
  ["a friend of another shop", "referral_guard", (s) => [referral(s, { friend_person: s.other.friend })]],
  ["a friend who is the referrer", "referral_guard", (s) => [referral(s, { friend_person: s.referrer })]],
  [
    "a friend who was merged into another",
    "referral_guard",
    (s) => [merge(s.stranger, s.friend), referral(s, { friend_person: s.stranger })],
  ],
  [
    "a friend under whose other name a referral lives",
    "referral_guard",
    (s) => [merge(s.friend, s.stranger), referral(s, { friend_person: s.stranger })],
  ],
  [
    "a friend into whom the referrer was merged",
    "referral_guard",
    (s) => [merge(s.referrer, s.stranger), referral(s, { friend_person: s.stranger })],
  ],
  ["a new referral after a rejection", "referral_guard", (s) => [referral(s, { friend_person: s.rejectedFriend })]],
  [
    "a second undo of a rejection",
    "referral_guard",
    (s) => {
      const undo = newId();
      const end = change(undo, "state = 'VOIDED', reason = 'r', decided_at = now()");
      const again = { friend_person: s.rejectedFriend, reopens: s.rejected };
      return [referral(s, { id: undo, ...again }), end, referral(s, again)];
    },
  ],
  [
    "the undo of an expired referral",
    "referral_guard",
    (s) => [referral(s, { friend_person: s.expiredFriend, reopens: s.expired })],
  ],
  ["the undo of another friend's rejection", "referral_guard", (s) => [referral(s, { reopens: s.rejected })]],
  [
    "an undo by another code",
    "referral_guard",
    (s) => {
      const code = newId();
      const owned = { shop_id: s.shopId, id: code, code: "ZZZZZ", person_id: s.paidFriend, terms_version: 1 };
      const undo = {
        code_id: code,
        referrer_person: s.paidFriend,
        friend_person: s.rejectedFriend,
        reopens: s.rejected,
      };
      return [insert("codes", owned), referral(s, undo)];
    },
  ],
  ["an end without its instant", "open_is_undecided", (s) => [change(s.open, "state = 'VOIDED', reason = 'r'")]],
  ["an end without a reason", "state_needs_reason", (s) => [change(s.open, "state = 'VOIDED', decided_at = now()")]],
  ["a hold without a reason", "state_needs_reason", (s) => [change(s.open, "state = 'HELD'")]],
  ["a payment without an order", "times_need_order", (s) => [change(s.open, "paid_at = now(), eligible_at = now()")]],
  ["a payment without a due instant", "paid_has_eligible", (s) => [change(s.converted, "eligible_at = NULL")]],
  [
    "a reward that is due before the payment",
    "eligible_after_paid",
    (s) => [change(s.converted, "eligible_at = paid_at - interval '1 second'")],
  ],
];
