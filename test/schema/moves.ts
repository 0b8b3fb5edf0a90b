import { newId } from "#app/platform/ids.ts";

import { insert, move, type Stage, transfer } from "./stage.ts";

export const shop = (s: Stage, type: string, unit = "GBP"): [string, string] => [
  type,
  s.account(type, undefined, unit),
];
export const mine = (s: Stage, type: string, person = s.referrer): [string, string] => [type, s.account(type, person)];

export const use = (s: Stage, row: object = {}) =>
  transfer(s, {
    kind: 4,
    purpose: "redeem",
    referral_id: s.paid,
    reward_id: s.reward,
    order_id: 7,
    code: "GIVE10",
    ...move(mine(s, "reward_liability"), shop(s, "redeemed")),
    ...row,
  });
export const breakage = (s: Stage, row: object = {}) =>
  use(s, {
    purpose: "breakage",
    order_id: null,
    code: null,
    ...move(mine(s, "reward_liability"), shop(s, "breakage")),
    ...row,
  });
export const clawBack = (s: Stage, row: object = {}) =>
  use(s, {
    purpose: "claw_back",
    order_id: null,
    code: null,
    case_id: s.caseId,
    ...move(mine(s, "claw_back"), shop(s, "reward_expense")),
    ...row,
  });
export const offset = (s: Stage, row: object = {}) =>
  clawBack(s, { purpose: "offset", ...move(mine(s, "reward_liability"), mine(s, "claw_back")), ...row });
export const reverse = (s: Stage, of: string, row: object = {}) =>
  use(s, {
    purpose: "reverse",
    reverses: of,
    case_id: s.caseId,
    ...move(shop(s, "redeemed"), mine(s, "reward_liability")),
    ...row,
  });
export const goodwill = (s: Stage, row: object = {}) =>
  transfer(s, {
    kind: 4,
    purpose: "goodwill",
    case_id: s.caseId,
    ...move(shop(s, "goodwill"), mine(s, "reward_liability")),
    ...row,
  });
export const welcomeCost = (s: Stage, row: object = {}) =>
  transfer(s, {
    kind: 4,
    purpose: "welcome_cost",
    order_id: 9,
    code: "HELLO",
    ...move(shop(s, "reward_expense"), shop(s, "redeemed")),
    ...row,
  });
export const reward = (s: Stage, row: object) =>
  insert("rewards", {
    shop_id: s.shopId,
    id: newId(),
    side: 1,
    person_id: s.referrer,
    account_id: s.account("reward_liability", s.referrer),
    unit: "GBP",
    amount: 1000,
    ...row,
  });
export const replacement = (s: Stage, row: object = {}) => {
  const funding = newId();
  return [
    goodwill(s, {
      id: funding,
      purpose: "replacement",
      ...move(shop(s, "breakage"), mine(s, "reward_liability")),
      ...row,
    }),
    reward(s, { kind: "replacement", replaces: s.reward, case_id: s.caseId, funding_id: funding, ...row }),
  ];
};
export const cancelled = (s: Stage) => `UPDATE rewards SET status = 'cancelled' WHERE id = '${s.reward}'`;
export const postOf = (s: Stage, side: 1 | 2) => ({
  sql: `(SELECT id FROM ledger_transfers WHERE pending_id = '${s.pending(s.paid, side)}')`,
});
export const counter = (s: Stage, row: object) =>
  insert("cap_counters", { shop_id: s.shopId, scope: "referrer", subject: s.referrer, ...row });
