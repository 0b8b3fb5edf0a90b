import { afterAll, expect, test } from "vitest";

import { createTestDatabase } from "#test/harness/postgres.ts";

import { ATTACKS } from "./attacks/all.ts";
import { ILLEGAL_TRANSITIONS } from "./attacks/transitions.ts";
import { attack, buildStage } from "./stage.ts";

const db = await createTestDatabase();
afterAll(db.drop);
const stage = await buildStage(db);

/** "restrict_violation": nothing is wrong with the values, the row is not to be touched. */
const RESTRICT = "23001";

const lines = ATTACKS.map(([what, refusedBy, statements]) => [what, refusedBy, statements] as const);

test.each(lines)("the database refuses %s (%s)", async (_what, refusedBy, statements) => {
  const refusal = await attack(db, statements(stage));
  expect(refusal.by, refusal.message).toBe(refusedBy);
  if (refusedBy.startsWith("keep_")) expect(refusal.code).toBe(RESTRICT);
});

test("of thirty pairs of different states nine are legal", () => expect(ILLEGAL_TRANSITIONS).toHaveLength(21));

test("a settled referral still takes later facts and loses what a redaction removes", async () => {
  const redact = `UPDATE referrals SET later_facts = '{"refunded": true}', redacted_at = now(), evidence = NULL, order_snapshot = NULL
     WHERE id = '${stage.paid}'`;
  expect(await attack(db, [redact])).toMatchObject({ by: "nothing: it was accepted" });
});
