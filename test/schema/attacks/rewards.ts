import { newId } from "#app/platform/ids.ts";

import { breakage, cancelled, counter, goodwill, postOf, replacement, reward, use } from "../moves.ts";
import { type Attack, insert } from "../stage.ts";

/** Refused by the database, whoever tries. */
export const REWARD_ATTACKS: readonly Attack[] = [
  ["goodwill without a reward", "funding_agrees", (s) => [goodwill(s)]],
  ["goodwill twice for a case", "one_per_case", (s) => [goodwill(s), goodwill(s)]],
  ["a reward without funding", "all_but_welcome_funded", (s) => [reward(s, { kind: "earned", referral_id: s.open })]],
  [
    "a reward over its funding",
    "funded",
    (s) => {
      const id = newId();
      return [
        goodwill(s, { id, amount: 500 }),
        reward(s, { kind: "goodwill", case_id: s.caseId, funding_id: id, amount: 501 }),
      ];
    },
  ],
  [
    "a reward that is funded by a pending",
    "funded",
    (s) => [reward(s, { kind: "earned", referral_id: s.open, funding_id: s.pending(s.open, 1) })],
  ],
  [
    "two rewards from one funding",
    "funds_one_reward",
    (s) => [reward(s, { kind: "earned", referral_id: s.open, funding_id: postOf(s, 1) })],
  ],
  [
    "a second earned reward for a side",
    "one_earned",
    (s) => [reward(s, { kind: "earned", referral_id: s.paid, funding_id: newId() })],
  ],
  [
    "a reward to an account of somebody else",
    "account_of_its_person",
    (s) => [reward(s, { kind: "earned", referral_id: s.open, funding_id: newId(), person_id: s.stranger })],
  ],
  [
    "a replacement of a valid reward",
    "replacement_agrees",
    (s) => [...replacement(s), "SET CONSTRAINTS replacement_agrees IMMEDIATE"],
  ],
  [
    "a replacement over what was broken off",
    "replacement_agrees",
    (s) => [
      use(s, { amount: 400 }),
      breakage(s, { amount: 600 }),
      cancelled(s),
      ...replacement(s),
      "SET CONSTRAINTS replacement_agrees IMMEDIATE",
    ],
  ],
  [
    "a second replacement",
    "replaced_once",
    (s) => {
      const second = newId();
      const again = { case_id: second };
      return [
        breakage(s),
        cancelled(s),
        ...replacement(s),
        insert("cases", { shop_id: s.shopId, id: second, kind: "appeal" }),
        ...replacement(s, again),
      ];
    },
  ],
  [
    "a welcome reward on an open referral",
    "welcome_agrees",
    (s) => [reward(s, { kind: "welcome", referral_id: s.open, side: 2, person_id: s.friend, account_id: null })],
  ],
  [
    "a welcome reward beside an earned one",
    "one_earned",
    (s) => [reward(s, { kind: "welcome", referral_id: s.paid, side: 2, person_id: s.paidFriend, account_id: null })],
  ],
  [
    "a welcome reward for the referrer",
    "all_but_welcome_funded",
    (s) => [reward(s, { kind: "welcome", referral_id: s.open, account_id: null })],
  ],
  [
    "an earned reward with a case",
    "granted_by_a_case",
    (s) => [reward(s, { kind: "earned", referral_id: s.open, funding_id: newId(), case_id: s.caseId })],
  ],
  [
    "a reward that changes its value",
    "reward_guard",
    (s) => [`UPDATE rewards SET amount = 2000 WHERE id = '${s.reward}'`],
  ],
  [
    "a reward that changes hands",
    "reward_guard",
    (s) => [`UPDATE rewards SET person_id = '${s.stranger}' WHERE id = '${s.reward}'`],
  ],
  [
    "a reward that changes its code",
    "reward_guard",
    (s) => [`UPDATE rewards SET code = 'OTHER' WHERE id = '${s.reward}'`],
  ],
  [
    "a code that two rewards share",
    "reward_code_once",
    (s) => [`UPDATE rewards SET code = 'GIVE10' WHERE id = '${s.friendReward}'`],
  ],
  ["more than a cap", "cap_held", (s) => [counter(s, { cap: 1, used: 2 })]],
  [
    "more rewards in thirty days than a rolling cap",
    "recent_cap_held",
    (s) => [counter(s, { recent_cap: 1, recent: { sql: "ARRAY[now(), now()]" } })],
  ],
];
