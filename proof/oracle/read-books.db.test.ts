import { afterAll, expect, test } from "vitest";
import { buildRewardingShop, rewardFriend, useCode } from "#test/builders/rewarded.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { auditShops } from "./read-books.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A shop with a reward that was used, and three that were not. */
async function buildBooks() {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: "8001", orderId: "9001" });
  await useCode(world, referrer);
  await rewardFriend(world, { customerId: "8002", orderId: "9002" });
  return { world, referrer };
}

/** What the audit says after statements that no guard looked at; all of it is taken back. */
async function auditAfter(domain: string, statements: string, values: readonly unknown[] = []) {
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL session_replication_role = replica");
    await client.query(statements, [...values]);
    const query = async (text: string, given: readonly unknown[] = []) => (await client.query(text, [...given])).rows;
    return await auditShops({ query }, [domain]);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

test("the books that the app keeps come out the same when they are worked out anew", async () => {
  const { world } = await buildBooks();
  expect(await auditAfter(world.domain, "SELECT 1")).toEqual({ entries: 9, findings: [] });
});

const COPY_COLUMNS = `purpose, pending_id, referral_id, side, debit_account, debit_type, credit_account, credit_type, unit, amount`;

test.each<[string, string, RegExp]>([
  [
    "an end of no promise",
    `INSERT INTO ledger_transfers (shop_id, id, kind, ${COPY_COLUMNS})
     SELECT shop_id, gen_random_uuid(), 2, ${COPY_COLUMNS.replace("pending_id", "gen_random_uuid()")} FROM ledger_transfers WHERE shop_id = $1 AND kind = 1 LIMIT 1`,
    /ends a promise that there is not/,
  ],
  [
    "a promise that is not kept",
    "DELETE FROM ledger_transfers WHERE shop_id = $1 AND kind = 2",
    /is POSTED, and its promises are not/,
  ],
  [
    "a post of another amount",
    "UPDATE ledger_transfers SET amount = 999 WHERE shop_id = $1 AND kind = 2",
    /is not what was promised/,
  ],
  [
    "a promise that is gone",
    "DELETE FROM ledger_transfers WHERE shop_id = $1 AND kind = 1 AND side = 2",
    /promised 1, and owes 3/,
  ],
  [
    "a reward that holds too much",
    "UPDATE rewards SET remaining = amount WHERE shop_id = $1 AND status = 'redeemed'",
    /holds 1000, not 0/,
  ],
  [
    "a reward without its entry",
    "UPDATE rewards SET funding_id = gen_random_uuid() WHERE shop_id = $1",
    /is not paid for by its entry/,
  ],
  [
    "an earned entry without a reward",
    "DELETE FROM rewards WHERE shop_id = $1 AND side = 2",
    /was earned, and is no reward/,
  ],
  [
    "an account that owes what no reward holds",
    `UPDATE ledger_transfers SET debit_account = credit_account, credit_account = debit_account
       WHERE shop_id = $1 AND purpose = 'redeem'`,
    /owes \d+, and its rewards hold/,
  ],
])("%s is seen", async (_what, statements, finding) => {
  const { world } = await buildBooks();
  const { findings } = await auditAfter(world.domain, statements, [world.shopId]);
  expect(findings.join("\n")).toMatch(finding);
});

test("a promise that ended twice is seen, where even the index that forbids it is gone", async () => {
  const { world } = await buildBooks();
  const { findings } = await auditAfter(
    world.domain,
    `DO $$ BEGIN
       DROP INDEX one_resolution;
       INSERT INTO ledger_transfers (shop_id, id, kind, ${COPY_COLUMNS})
       SELECT shop_id, gen_random_uuid(), kind, ${COPY_COLUMNS} FROM ledger_transfers WHERE kind = 2;
     END $$`,
  );
  expect(findings.join("\n")).toMatch(/ended twice/);
});
