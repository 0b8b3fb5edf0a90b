import pg from "pg";
import { afterAll, expect, test } from "vitest";

import { createPrisma, forShop } from "#app/data/prisma.ts";
import { assertRuntimeRoles } from "#app/data/runtime-roles.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

import { buildStage, insert } from "./stage.ts";

const db = await createTestDatabase();
afterAll(db.drop);
const stage = await buildStage(db);

const NO_PRIVILEGE = { code: "42501" };
const asApp = (statement: string) =>
  inShop(db.pools, stage.shopId, (tx) => tx.query<Record<string, unknown>>(statement));
const click = () => insert("clicks", { shop_id: newId(), clicked_at: "2026-03-01T09:00:00Z", id: newId() });
const delivery = () =>
  insert("inbox", { shop_id: newId(), id: newId(), topic: "orders/paid", webhook_id: newId(), body_sha256: "x" });

test("the application sees the rows of its shop and none of another", async () => {
  expect(await asApp("SELECT DISTINCT shop_id FROM people")).toEqual([{ shop_id: stage.shopId }]);
  expect(await asApp(`SELECT FROM shops WHERE id = '${stage.other.shopId}'`)).toEqual([]);
  expect(await asApp(`UPDATE shops SET name = 'mine' WHERE id = '${stage.other.shopId}' RETURNING id`)).toEqual([]);
});

test("the application cannot write a row of another shop", async () => {
  const theirs = insert("people", { shop_id: stage.other.shopId, id: newId() });
  await expect(asApp(theirs)).rejects.toMatchObject(NO_PRIVILEGE);
});

test("without a shop every read of the application fails, on a fresh connection and on a used one", async () => {
  const fresh = new pg.Pool({ ...db.pools.app.options, max: 1 });
  await expect(fresh.query("SELECT FROM people")).rejects.toThrow('unrecognized configuration parameter "app.shop_id"');
  await fresh.query("BEGIN; SELECT set_config('app.shop_id', '', true); COMMIT");
  await expect(fresh.query("SELECT FROM people")).rejects.toThrow("invalid input syntax for type uuid");
  await fresh.end();
});

test("the setting of one transaction does not leak into the next on the same connection", async () => {
  const pools = { ...db.pools, app: new pg.Pool({ ...db.pools.app.options, max: 1 }) };
  await inShop(pools, stage.shopId, (tx) => tx.query("SELECT FROM people"));
  await expect(pools.app.query("SELECT FROM people")).rejects.toThrow();
  await pools.app.end();
});

test("a change of shop before the commit leaves the deferred guards without their rows, and so is refused", async () => {
  const change = inShop(db.pools, stage.shopId, async (tx) => {
    await tx.execute("UPDATE referrals SET state = 'VOIDED', reason = 'r', decided_at = now() WHERE id = $1", [
      stage.open,
    ]);
    await tx.query("SELECT set_config('app.shop_id', $1, true)", [stage.other.shopId]);
  });
  await expect(change).rejects.toMatchObject({ constraint: "referral_agrees" });
});

test.each([
  ["what is left of a reward", "UPDATE rewards SET remaining = 1"],
  ["the receivable of a case", "UPDATE cases SET claw_open = 1"],
  ["the worth of a reward", "UPDATE rewards SET amount = 1"],
  ["who is the friend", "UPDATE referrals SET friend_person = referrer_person"],
  ["the ledger", "UPDATE ledger_transfers SET amount = 1"],
  ["the audit", "DELETE FROM audit"],
  ["the state machine", "INSERT INTO referral_transitions VALUES ('REWARDED', 'PENDING')"],
  ["a partition, past the parent", "SELECT FROM clicks_default"],
  ["the record of migrations", "SELECT FROM _prisma_migrations"],
  ["its own rights", "ALTER TABLE rewards DISABLE ROW LEVEL SECURITY"],
])("the application has no right to touch %s", async (_what, statement) => {
  await expect(asApp(statement)).rejects.toMatchObject({ code: "42501" });
});

test("the door appends clicks and deliveries of any shop, and a repeated one is nothing", async () => {
  for (const append of [click(), delivery()]) {
    const twice = async () => (await db.pools.door.query(`${append} ON CONFLICT DO NOTHING`)).rowCount;
    expect([await twice(), await twice()]).toEqual([1, 0]);
  }
});

test.each([
  ["read clicks", "SELECT FROM clicks"],
  ["read the inbox", "SELECT FROM inbox"],
  ["read people", "SELECT FROM people"],
  ["read back what it wrote", `${click()} RETURNING id`],
  ["name the conflict that it expects", `${delivery()} ON CONFLICT (shop_id, topic, webhook_id) DO NOTHING`],
  ["write a partition", click().replace("INTO clicks", "INTO clicks_default")],
  ["write the outbox", "INSERT INTO outbox (shop_id) VALUES (NULL)"],
  ["change the inbox", "UPDATE inbox SET state = 'done'"],
])("the door cannot %s", async (_what, statement) => {
  await expect(db.pools.door.query(statement)).rejects.toMatchObject(NO_PRIVILEGE);
});

test("the sweep reads keys and due times over all shops", async () => {
  const { rows } = await db.pools.sweep.query<{ shop_id: string }>(
    "SELECT DISTINCT shop_id FROM outbox WHERE next_at <= now()",
  );
  expect(rows).toContainEqual({ shop_id: stage.shopId });
  expect((await db.pools.sweep.query("SELECT id FROM shops")).rowCount).toBe(2);
});

test.each([
  ["read what is to be done", "SELECT payload FROM outbox"],
  ["read what came in", "SELECT facts FROM inbox"],
  ["read a shop's keys", "SELECT identity_key_wrapped FROM shops"],
  ["read people", "SELECT id FROM people"],
  ["write", "UPDATE outbox SET next_at = NULL"],
])("the sweep cannot %s", async (_what, statement) => {
  await expect(db.pools.sweep.query(statement)).rejects.toMatchObject(NO_PRIVILEGE);
});

test("start-up accepts the three runtime pools", async () => {
  await expect(assertRuntimeRoles(db.pools)).resolves.toBeUndefined();
});

test("start-up refuses a superuser, and a pool that speaks as another role", async () => {
  await expect(assertRuntimeRoles({ ...db.pools, app: db.ownerPool })).rejects.toThrow("gw_app speaks as postgres");
  await expect(assertRuntimeRoles({ ...db.pools, door: db.pools.app })).rejects.toThrow("gw_door speaks as gw_app");
});

test("start-up refuses when one table does not force its policies", async () => {
  await db.ownerPool.query("ALTER TABLE rewards NO FORCE ROW LEVEL SECURITY");
  await expect(assertRuntimeRoles(db.pools)).rejects.toThrow("could read without a policy: rewards");
  await db.ownerPool.query("ALTER TABLE rewards FORCE ROW LEVEL SECURITY");
});

test("inShop rolls back when the work throws, and says so when the work hid a failed statement", async () => {
  const rename = (name: string) => `UPDATE shops SET name = '${name}'`;
  const thrown = inShop(db.pools, stage.shopId, async (tx) => {
    await tx.execute(rename("never"));
    throw new Error("changed my mind");
  });
  await expect(thrown).rejects.toThrow("changed my mind");
  const hidden = inShop(db.pools, stage.shopId, async (tx) => {
    await tx.execute(rename("neither"));
    await tx.query("SELECT 1 / 0").catch(() => undefined);
  });
  await expect(hidden).rejects.toThrow("rolled back");
  expect(await asApp("SELECT name FROM shops")).toEqual([{ name: "FreshBox" }]);
});

test("the typed client sees one shop, and bigint, bytes and times as they are", async () => {
  const prisma = createPrisma(db.pools.app);
  const rewards = await forShop(prisma, stage.shopId, (tx) => tx.reward.findMany({ orderBy: { side: "asc" } }));
  expect(rewards).toMatchObject([
    { amount: 1000n, code: "GIVE10", createdAt: new Date("2026-03-16T10:00:00Z") },
    { amount: 1000n },
  ]);
  expect(await forShop(prisma, stage.other.shopId, (tx) => tx.reward.count())).toBe(0);
  await prisma.$disconnect();
});
