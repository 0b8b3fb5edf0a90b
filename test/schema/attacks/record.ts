import { newId } from "#app/platform/ids.ts";

import { type Attack, insert, type Stage } from "../stage.ts";

const now = { sql: "now()" };
/** Rows that the stage has none of, so that there is one to change. */
const rowOf: Readonly<Record<string, (s: Stage) => string>> = {
  attributions: (s) =>
    insert("attributions", { shop_id: s.shopId, id: newId(), event: "order", reason: "no_token", at: now }),
  decisions: (s) =>
    insert("decisions", {
      shop_id: s.shopId,
      id: newId(),
      referral_id: s.open,
      phase: "open",
      ruleset: "1",
      verdict: "pass",
      score: 0,
      features: "{}",
      rules: "[]",
      at: now,
    }),
};
const withRow = (table: string, statement: string) => (s: Stage) => [
  ...(rowOf[table] === undefined ? [] : [rowOf[table](s)]),
  statement,
];

const APPEND_ONLY = [
  "ledger_transfers",
  "ledger_units",
  "ledger_accounts",
  "audit",
  "terms",
  "decisions",
  "attributions",
];
const NEVER_DELETED = ["referrals", "rewards", "cases", "people"];

const entry = (s: Stage, action: string) =>
  insert("audit", { shop_id: s.shopId, id: newId(), actor: "worker", action: `referral.${action}`, subject: s.paid });
const row = (s: Stage, table: "inbox" | "outbox", over: object = {}) =>
  insert(table, {
    shop_id: s.shopId,
    id: newId(),
    topic: "t",
    ...(table === "inbox" ? { webhook_id: "w", body_sha256: "x" } : { dedupe_key: "k" }),
    ...over,
  });

const EARLIER = "2026-09-07T00:00:00Z";
const LATER = "2026-09-08T00:00:00Z";

const difference = (s: Stage, row: object) =>
  insert("differences", { shop_id: s.shopId, id: newId(), detail: "{}", found_at: EARLIER, ...row });

/** Refused by the database, its owner included. */
export const RECORD_ATTACKS: readonly Attack[] = [
  ...APPEND_ONLY.map((table): Attack => [
    `a change of a row of ${table}`,
    "keep_row",
    withRow(table, `UPDATE ${table} SET shop_id = shop_id`),
    table,
  ]),
  ...[...APPEND_ONLY, ...NEVER_DELETED].flatMap((table): Attack[] => [
    [`the deletion of a row of ${table}`, "keep_row", withRow(table, `DELETE FROM ${table}`), table],
    [`the emptying of ${table}`, "keep_all", () => [`TRUNCATE ${table} CASCADE`], table],
  ]),
  ...["rewarded", "rejected", "expired", "voided"].map((action): Attack => [
    `a second settling entry (${action})`,
    "one_settling_entry",
    (s) => [entry(s, action)],
  ]),
  ["a delivery that came before", "inbox_delivery_once", (s) => [row(s, "inbox"), row(s, "inbox")]],
  ["work for a fact that has its row", "outbox_fact_once", (s) => [row(s, "outbox"), row(s, "outbox")]],
  ["an ended inbox row that is due", "inbox_ended_is_never_due", (s) => [row(s, "inbox", { state: "done" })]],
  ["an open inbox row that is never due", "inbox_ended_is_never_due", (s) => [row(s, "inbox", { next_at: null })]],
  ["an ended outbox row that is due", "outbox_ended_is_never_due", (s) => [row(s, "outbox", { state: "dead" })]],
  [
    "an open outbox row that is never due",
    "outbox_ended_is_never_due",
    (s) => [row(s, "outbox", { state: "sending", next_at: null })],
  ],
  [
    "a gift card that is missing, and nobody's",
    "credits_have_a_reward",
    (s) => [difference(s, { kind: "credit_missing", subject: "gid://shopify/GiftCard/1" })],
  ],
  [
    "a code that is missing from no discount",
    "credits_have_a_reward",
    (s) => [difference(s, { kind: "code_missing", subject: "ABCD2345EFGH6789", reward_id: s.reward })],
  ],
  [
    "somebody's ask for their data that ends before it began",
    "request_expires_later",
    (s) => [insert("data_requests", { shop_id: s.shopId, id: newId(), requested_at: LATER, expires_at: EARLIER })],
  ],
];
