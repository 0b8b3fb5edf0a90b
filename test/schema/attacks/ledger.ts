import { newId } from "#app/platform/ids.ts";

import {
  breakage,
  cancelled,
  clawBack,
  goodwill,
  mine,
  offset,
  postOf,
  replacement,
  reverse,
  reward,
  shop,
  use,
  welcomeCost,
} from "../moves.ts";
import { type Attack, insert, move } from "../stage.ts";

/** Refused by the database, whoever tries. */
export const LEDGER_ATTACKS: readonly Attack[] = [
  [
    "a pair of accounts that its purpose does not allow",
    "allowed_pair",
    (s) => [use(s, move(mine(s, "reward_liability"), shop(s, "issued_value")))],
  ],
  ["a purpose that does not exist", "allowed_pair", (s) => [use(s, { purpose: "gift" })]],
  ["a single-phase entry with the purpose of a pending", "allowed_pair", (s) => [use(s, { purpose: "reward" })]],
  [
    "a debit account of another type than it says",
    "debit_typed",
    (s) => [use(s, { debit_account: s.account("goodwill") })],
  ],
  [
    "a credit account of another type than it says",
    "credit_typed",
    (s) => [use(s, { credit_account: s.account("breakage") })],
  ],
  [
    "an account in another unit",
    "credit_typed",
    (s) => [use(s, { credit_account: s.account("redeemed", undefined, "coupon") })],
  ],
  [
    "an account of another shop",
    "debit_typed",
    (s) => [
      use(s, {
        debit_account: {
          sql: `(SELECT id FROM ledger_accounts WHERE shop_id = '${s.other.shopId}' AND type = 'reward_liability' LIMIT 1)`,
        },
      }),
    ],
  ],
  ["a use that names no reward", "names_its_cause", (s) => [use(s, { reward_id: null })]],
  ["a use that names no order", "names_its_cause", (s) => [use(s, { order_id: null, code: null })]],
  ["a claw-back that names no case", "names_its_cause", (s) => [clawBack(s, { case_id: null })]],
  ["a goodwill that names no case", "names_its_cause", (s) => [goodwill(s, { case_id: null })]],
  ["a welcome cost that names no code", "names_its_cause", (s) => [welcomeCost(s, { order_id: null, code: null })]],
  ["an order without its code", "names_its_cause", (s) => [use(s, { code: null })]],
  ["an order without a code on a breakage", "order_and_code_together", (s) => [breakage(s, { order_id: 7 })]],
  ["an amount of zero", "ledger_transfers_amount_check", (s) => [use(s, { amount: 0 })]],
  ["a negative amount", "ledger_transfers_amount_check", (s) => [use(s, { amount: -1 })]],
  [
    "a reward of nothing",
    "rewards_amount_check",
    (s) => [reward(s, { kind: "earned", referral_id: s.paid, funding_id: postOf(s, 1), amount: 0 })],
  ],
  [
    "terms that promise nothing",
    "terms_referrer_amount_check",
    (s) => [
      insert("terms", {
        shop_id: s.shopId,
        version: 9,
        currency: "GBP",
        exponent: 2,
        referrer_kind: "fixed",
        referrer_amount: 0,
        friend_kind: "fixed",
        friend_amount: 1,
      }),
    ],
  ],
  [
    "a transfer to itself",
    "not_to_itself",
    (s) => [use(s, { credit_account: s.account("reward_liability", s.referrer) })],
  ],
  ["two coupons in one transfer", "coupon_is_one", (s) => [use(s, { unit: "coupon", amount: 2 })]],
  [
    "a second exponent of a currency",
    "ledger_units_pkey",
    (s) => [insert("ledger_units", { shop_id: s.shopId, unit: "GBP", exponent: 3 })],
  ],
  [
    "a coupon with decimals",
    "coupons_are_whole",
    (s) => [insert("ledger_units", { shop_id: s.stranger, unit: "coupon", exponent: 2 })],
  ],
  [
    "a second account of a kind",
    "one_account",
    (s) => [insert("ledger_accounts", { shop_id: s.shopId, id: newId(), unit: "GBP", type: "redeemed" })],
  ],
  [
    "a liability to nobody",
    "personal_accounts_have_a_person",
    (s) => [insert("ledger_accounts", { shop_id: s.shopId, id: newId(), unit: "GBP", type: "reward_liability" })],
  ],
  ["more than a reward holds", "reward_remaining", (s) => [use(s, { amount: 1001 })]],
  ["a second use of a spent reward on another order", "reward_remaining", (s) => [use(s), use(s, { order_id: 8 })]],
  ["a use after the breakage", "reward_remaining", (s) => [breakage(s), use(s)]],
  ["one order and code booked twice", "one_use", (s) => [use(s, { amount: 400 }), use(s, { amount: 400 })]],
  ["a welcome cost booked twice", "one_use", (s) => [welcomeCost(s), welcomeCost(s, { amount: 900 })]],
  [
    "a use from another person's account",
    "drawn_from_its_account",
    (s) => [use(s, move(mine(s, "reward_liability", s.paidFriend), shop(s, "redeemed")))],
  ],
  ["a use under another code", "ledger_effects", (s) => [use(s, { code: "OTHER" })]],
  ["a use under another referral", "ledger_effects", (s) => [use(s, { referral_id: s.open })]],
  ["a claw-back over the reward", "ledger_effects", (s) => [clawBack(s, { amount: 1001 })]],
  [
    "a claw-back from another person",
    "ledger_effects",
    (s) => [clawBack(s, move(mine(s, "claw_back", s.stranger), shop(s, "reward_expense")))],
  ],
  ["a second claw-back of a reward", "one_per_case", (s) => [clawBack(s), clawBack(s)]],
  [
    "a second claw-back of a reward in another case",
    "one_claw_back",
    (s) => {
      const second = newId();
      return [
        clawBack(s),
        insert("cases", { shop_id: s.shopId, id: second, kind: "appeal", person_id: s.referrer }),
        clawBack(s, { case_id: second }),
      ];
    },
  ],
  ["a set-off over the receivable", "cases_claw_open_check", (s) => [offset(s)]],
  ["a set-off of a part of a reward", "ledger_effects", (s) => [clawBack(s), offset(s, { amount: 500 })]],
  ["a reversal of nothing", "ledger_transfers_shop_id_reverses_fkey", (s) => [reverse(s, newId())]],
  [
    "a reversal of another amount",
    "ledger_effects",
    (s) => {
      const id = newId();
      return [use(s, { id }), reverse(s, id, { amount: 999 })];
    },
  ],
  [
    "a second reversal",
    "one_reverse",
    (s) => {
      const id = newId();
      return [use(s, { id }), reverse(s, id), use(s, { order_id: 8 }), reverse(s, id)];
    },
  ],
  ["a reversal that names nothing", "reverse_names_one", (s) => [reverse(s, newId(), { reverses: null })]],
  ["a reversal without a case", "names_its_cause", (s) => [reverse(s, newId(), { case_id: null })]],
  [
    "a reversal for a reward that was replaced",
    "ledger_effects",
    (s) => {
      const id = newId();
      const mirror = { order_id: null, code: null, ...move(shop(s, "breakage"), mine(s, "reward_liability")) };
      return [
        breakage(s, { id }),
        cancelled(s),
        ...replacement(s),
        "SET CONSTRAINTS ALL IMMEDIATE",
        reverse(s, id, mirror),
      ];
    },
  ],
];
