import { afterAll, expect, test } from "vitest";

import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

import { attack, buildStage, insert } from "./stage.ts";

const db = await createTestDatabase();
afterAll(db.drop);
const stage = await buildStage(db);
await db.ownerPool.query(
  insert("attributions", {
    shop_id: stage.shopId,
    id: newId(),
    event: "order",
    reason: "no_token",
    at: { sql: "now()" },
  }),
);
await db.ownerPool.query(
  insert("decisions", {
    shop_id: stage.shopId,
    id: newId(),
    referral_id: stage.open,
    phase: "open",
    ruleset: "1",
    verdict: "pass",
    score: 0,
    features: "{}",
    rules: "[]",
    at: { sql: "now()" },
  }),
);

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

test.each(APPEND_ONLY)("not even the owner changes a row of %s", async (table) => {
  expect(await attack(db, [`UPDATE ${table} SET shop_id = shop_id`])).toMatchObject({ by: "keep_row", code: "23001" });
});

test.each([...APPEND_ONLY, ...NEVER_DELETED])("not even the owner deletes a row of %s", async (table) => {
  expect(await attack(db, [`DELETE FROM ${table}`])).toMatchObject({ by: "keep_row", code: "23001" });
});

test.each([...APPEND_ONLY, ...NEVER_DELETED])("not even the owner truncates %s", async (table) => {
  expect(await attack(db, [`TRUNCATE ${table} CASCADE`])).toMatchObject({ by: "keep_all", code: "23001" });
});

test.each(["rewarded", "rejected", "expired", "voided"])(
  "a second settling entry (%s) for a referral is refused",
  async (action) => {
    const entry = {
      shop_id: stage.shopId,
      id: newId(),
      actor: "worker",
      action: `referral.${action}`,
      subject: stage.paid,
    };
    expect(await attack(db, [insert("audit", entry)])).toMatchObject({ by: "one_settling_entry" });
  },
);

const row = (table: "inbox" | "outbox", over: object) =>
  insert(table, {
    shop_id: stage.shopId,
    id: newId(),
    topic: "t",
    ...(table === "inbox" ? { webhook_id: "w", body_sha256: "x" } : { dedupe_key: "k" }),
    ...over,
  });

test.each([
  ["a delivery that came before", "inbox_delivery_once", [row("inbox", {}), row("inbox", {})]],
  ["work for a fact that has its row", "outbox_fact_once", [row("outbox", {}), row("outbox", {})]],
  ["an ended inbox row that is due", "inbox_ended_is_never_due", [row("inbox", { state: "done" })]],
  ["an open inbox row that is never due", "inbox_ended_is_never_due", [row("inbox", { next_at: null })]],
  ["an ended outbox row that is due", "outbox_ended_is_never_due", [row("outbox", { state: "dead" })]],
  [
    "an open outbox row that is never due",
    "outbox_ended_is_never_due",
    [row("outbox", { state: "sending", next_at: null })],
  ],
] as const)("the database refuses %s", async (_what, by, statements) => {
  expect(await attack(db, statements)).toMatchObject({ by });
});
