import { newId } from "#app/platform/ids.ts";

import { goodwill, reward } from "../moves.ts";
import { type Attack, insert, type Stage } from "../stage.ts";

const EXPIRY = "2026-09-07T00:00:00Z";

const credited = (s: Stage) =>
  `UPDATE rewards SET form = 'store_credit', expires_at = '${EXPIRY}', sends = 1 WHERE id = '${s.friendReward}'`;
const parent = (s: Stage, row: object) =>
  insert("discount_parents", {
    shop_id: s.shopId,
    id: newId(),
    terms_version: 1,
    side: 1,
    expires_at: EXPIRY,
    created_at: EXPIRY,
    ...row,
  });
const doubt = (s: Stage) =>
  insert("cases", {
    shop_id: s.shopId,
    id: newId(),
    kind: "unknown_fulfilment",
    reward_id: s.reward,
    person_id: s.referrer,
  });

/** Refused by the database, whoever tries. */
export const FORM_ATTACKS: readonly Attack[] = [
  [
    "a reward that changes its form",
    "reward_form_guard",
    (s) => [credited(s), `UPDATE rewards SET form = 'gift_card' WHERE id = '${s.friendReward}'`],
  ],
  [
    "a store credit that expires at another moment",
    "reward_form_guard",
    (s) => [credited(s), `UPDATE rewards SET expires_at = now() WHERE id = '${s.friendReward}'`],
  ],
  [
    "two store credits that expire at one moment",
    "store_credit_fingerprint",
    (s) => {
      const id = newId();
      const twin = { form: "store_credit", expires_at: EXPIRY };
      return [
        credited(s),
        goodwill(s, { id }),
        reward(s, { kind: "goodwill", case_id: s.caseId, funding_id: id, ...twin }),
      ];
    },
  ],
  [
    "a store credit with a code",
    "credit_has_no_code",
    (s) => [`UPDATE rewards SET form = 'store_credit' WHERE id = '${s.reward}'`],
  ],
  [
    "a reward that was sent in no form",
    "sent_in_a_form",
    (s) => [`UPDATE rewards SET sends = 1 WHERE id = '${s.reward}'`],
  ],
  ["two parents of one week", "one_parent", (s) => [parent(s, {}), parent(s, {})]],
  [
    "two parents of one reward",
    "one_parent_for_a_reward",
    (s) => [parent(s, { reward_id: s.reward }), parent(s, { reward_id: s.reward })],
  ],
  [
    "an approval that takes two by one person alone",
    "second_is_another",
    (s) => [
      `UPDATE cases SET two_people = true, first_by = '7001' WHERE id = '${s.caseId}'`,
      `UPDATE cases SET state = 'closed', decision = 'approved', decided_by = '7001' WHERE id = '${s.caseId}'`,
    ],
  ],
  [
    "an approval that takes two without a first",
    "second_is_another",
    (s) => [
      `UPDATE cases SET two_people = true, state = 'closed', decision = 'approved', decided_by = '7001' WHERE id = '${s.caseId}'`,
    ],
  ],
  [
    "two who keep one list of staff",
    "one_manager",
    (s) =>
      ["7001", "7002"].map((subject) =>
        insert("staff", { shop_id: s.shopId, subject, seen_at: EXPIRY, manages: "true", may_decide: "true" }),
      ),
  ],
  [
    "a keeper of the list who may not decide",
    "manager_may_decide",
    (s) => [insert("staff", { shop_id: s.shopId, subject: "7001", seen_at: EXPIRY, manages: "true" })],
  ],
  ["two open cases about one reward", "one_open_doubt", (s) => [doubt(s), doubt(s)]],
];
