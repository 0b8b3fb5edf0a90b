import { newId } from "#app/platform/ids.ts";
import { TIMES } from "#test/harness/world.ts";

import { type Attack, insert, move, type Stage, transfer } from "../stage.ts";

const toReferrer = (s: Stage, person = s.referrer) =>
  move(["reward_expense", s.account("reward_expense")], ["reward_liability", s.account("reward_liability", person)]);
const pending = (s: Stage, referral: string, row: object = {}) =>
  transfer(s, { kind: 1, purpose: "reward", referral_id: referral, side: 1, ...toReferrer(s), ...row });
const resolution = (s: Stage, kind: 2 | 3, referral: string, row: object = {}) =>
  transfer(s, {
    kind,
    purpose: "reward",
    referral_id: referral,
    side: 1,
    pending_id: s.pending(referral, 1),
    ...toReferrer(s),
    ...row,
  });
const bareReferral = (s: Stage, row: object = {}) =>
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
const flip = (referral: string, state: string, rest = "") =>
  `UPDATE referrals SET state = '${state}', decided_at = '${TIMES.lapsed.toISOString()}', reason = 'r' ${rest} WHERE id = '${referral}'`;
const reward = (s: Stage, side: 1 | 2, funding: string) =>
  insert("rewards", {
    shop_id: s.shopId,
    id: newId(),
    kind: "earned",
    referral_id: s.converted,
    side,
    person_id: side === 1 ? s.referrer : s.convertedFriend,
    account_id: s.account("reward_liability", side === 1 ? s.referrer : s.convertedFriend),
    unit: "GBP",
    amount: 1000,
    funding_id: funding,
  });

/** Refused by the database, whoever tries. */
export const TWO_PHASE_ATTACKS: readonly Attack[] = [
  ["a second pending for a side", "one_pending", (s) => [pending(s, s.open)]],
  [
    "a pending for a side that is not owed",
    "pending_agrees",
    (s) => {
      const id = newId();
      const friendSide = { side: 2, ...toReferrer(s, s.stranger) };
      return [
        bareReferral(s, { id, owed: 1 }),
        pending(s, id),
        pending(s, id, friendSide),
        "SET CONSTRAINTS pending_agrees IMMEDIATE",
      ];
    },
  ],
  [
    "a pending to another person's account",
    "pending_agrees",
    (s) => {
      const id = newId();
      return [
        bareReferral(s, { id, owed: 1 }),
        pending(s, id, toReferrer(s, s.paidFriend)),
        "SET CONSTRAINTS pending_agrees IMMEDIATE",
      ];
    },
  ],
  ["a pending on a referral that is settled", "one_pending", (s) => [pending(s, s.paid)]],
  [
    "a late pending on a referral that is settled",
    "pending_agrees",
    (s) => {
      const [id, first] = [newId(), newId()];
      return [
        bareReferral(s, { id, owed: 1 }),
        pending(s, id, { id: first }),
        "SET CONSTRAINTS ALL IMMEDIATE",
        "SET CONSTRAINTS ALL DEFERRED",
        flip(id, "VOIDED"),
        resolution(s, 3, id, { pending_id: first }),
        "SET CONSTRAINTS ALL IMMEDIATE",
        pending(s, id, { side: 2, ...toReferrer(s, s.stranger) }),
      ];
    },
  ],
  ["a referral without its pendings", "referral_agrees_new", (s) => [bareReferral(s)]],
  [
    "a referral with one of two pendings",
    "referral_agrees_new",
    (s) => {
      const id = newId();
      return [bareReferral(s, { id }), pending(s, id), "SET CONSTRAINTS referral_agrees_new IMMEDIATE"];
    },
  ],
  ["a second post of a pending", "one_resolution", (s) => [resolution(s, 2, s.paid)]],
  ["a void beside a post", "one_resolution", (s) => [resolution(s, 3, s.paid)]],
  ["a post beside a void", "one_resolution", (s) => [resolution(s, 2, s.rejected)]],
  [
    "a post of another amount",
    "resolution_equals_pending",
    (s) => [flip(s.converted, "REWARDED"), resolution(s, 2, s.converted, { amount: 999 })],
  ],
  [
    "a post to another account",
    "resolution_equals_pending",
    (s) => [flip(s.converted, "REWARDED"), resolution(s, 2, s.converted, toReferrer(s, s.convertedFriend))],
  ],
  [
    "a post with the other side",
    "resolution_equals_pending",
    (s) => [flip(s.converted, "REWARDED"), resolution(s, 2, s.converted, { side: 2 })],
  ],
  [
    "a post labelled with another, paid referral",
    "resolution_equals_pending",
    (s) => [resolution(s, 2, s.open, { referral_id: s.paid })],
  ],
  ["a post of nothing", "resolution_equals_pending", (s) => [resolution(s, 2, s.paid, { pending_id: newId() })]],
  [
    "a post of a post",
    "resolution_equals_pending",
    (s) => [
      resolution(s, 2, s.paid, {
        pending_id: { sql: `(SELECT id FROM ledger_transfers WHERE pending_id = '${s.pending(s.paid, 1)}')` },
      }),
    ],
  ],
  ["a post in another unit", "debit_typed", (s) => [resolution(s, 2, s.open, { unit: "coupon", amount: 1 })]],
  ["a post while PENDING", "resolution_fits_state", (s) => [resolution(s, 2, s.open)]],
  ["a void while PENDING", "resolution_fits_state", (s) => [resolution(s, 3, s.open)]],
  [
    "a post while HELD",
    "resolution_fits_state",
    (s) => [`UPDATE referrals SET state = 'HELD', reason = 'r' WHERE id = '${s.open}'`, resolution(s, 2, s.open)],
  ],
  ["a void of a REWARDED referral's pending", "one_resolution", (s) => [resolution(s, 3, s.paid)]],
  [
    "a void once the referral is REWARDED",
    "resolution_fits_state",
    (s) => [flip(s.converted, "REWARDED"), resolution(s, 3, s.converted)],
  ],
  ["a resolution without a pending", "two_phase_shape", (s) => [resolution(s, 2, s.open, { pending_id: null })]],
  ["a resolution without a referral", "two_phase_shape", (s) => [resolution(s, 2, s.open, { referral_id: null })]],
  ["a resolution without a side", "two_phase_shape", (s) => [resolution(s, 2, s.open, { side: null })]],
  [
    "a pending with a side that does not exist",
    "ledger_transfers_side_check",
    (s) => [pending(s, s.open, { side: 3 })],
  ],
  ["REWARDED without any post", "referral_agrees", (s) => [flip(s.converted, "REWARDED")]],
  [
    "REWARDED with one of two posts and rewards",
    "referral_agrees",
    (s) => {
      const post = newId();
      return [flip(s.converted, "REWARDED"), resolution(s, 2, s.converted, { id: post }), reward(s, 1, post)];
    },
  ],
  [
    "REWARDED with both posts and no rewards",
    "referral_agrees",
    (s) => [
      flip(s.converted, "REWARDED"),
      resolution(s, 2, s.converted),
      resolution(s, 2, s.converted, {
        side: 2,
        pending_id: s.pending(s.converted, 2),
        ...toReferrer(s, s.convertedFriend),
      }),
    ],
  ],
  ["a void state without voids", "referral_agrees", (s) => [flip(s.open, "VOIDED")]],
  ["a void state with one of two voids", "referral_agrees", (s) => [flip(s.open, "VOIDED"), resolution(s, 3, s.open)]],
  ["REWARDED without an order", "rewarded_needs_order", (s) => [flip(s.open, "REWARDED")]],
  [
    "REWARDED before the cooling-off is over",
    "rewarded_needs_order",
    (s) => [flip(s.converted, "REWARDED").replace(TIMES.lapsed.toISOString(), TIMES.ordered.toISOString())],
  ],
  ["EXPIRED with an order", "expired_has_no_order", (s) => [flip(s.converted, "EXPIRED")]],
];
