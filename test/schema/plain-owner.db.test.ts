import pg from "pg";
import { afterAll, expect, onTestFinished, test } from "vitest";

import { ensureClickPartitions } from "#app/data/click-partitions.ts";
import { createPools } from "#app/data/pools.ts";
import { assertRuntimeRoles } from "#app/data/runtime-roles.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { dropTestDatabase } from "#test/harness/cluster.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { buildWorld, convertReferral, openReferral, payOut } from "#test/harness/world.ts";

import { migrateDeploy } from "../../scripts/prisma.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A database of a login that is no superuser, as a hosted PostgreSQL gives it. */
async function hostedDatabase(): Promise<string> {
  const name = `goodword_plain_${newId().slice(-12)}`;
  await db.ownerPool.query(`CREATE ROLE ${name} LOGIN NOINHERIT CREATEROLE PASSWORD 'plain'`);
  await db.ownerPool.query(`GRANT gw_door, gw_app, gw_sweep TO ${name} WITH ADMIN OPTION`);
  await db.ownerPool.query(`CREATE DATABASE ${name} OWNER ${name}`);
  const adminUrl = db.databaseUrl.replace(/\/[^/]*$/, `/${name}`);
  // Before PostgreSQL 16 a login that inherits nothing does not even own the schema of its own database.
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`ALTER SCHEMA public OWNER TO ${name}`);
  await admin.end();
  onTestFinished(async () => {
    await dropTestDatabase(adminUrl);
    await db.ownerPool.query(`DROP ROLE ${name}`);
  });
  const url = new URL(db.databaseUrl);
  [url.username, url.password, url.pathname] = [name, "plain", `/${name}`];
  return url.toString();
}

test("an owner that is no superuser migrates, runs a referral to its payout and makes partitions, held by the policies itself", async () => {
  const databaseUrl = await hostedDatabase();
  await migrateDeploy(databaseUrl);
  const pools = createPools({ databaseUrl });
  await assertRuntimeRoles(pools);

  const world = await buildWorld(pools);
  const state = await inShop(pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world);
    await convertReferral(tx, world.shopId, id);
    return payOut(tx, world.shopId, id);
  });
  expect(state).toBe("REWARDED");

  const now = new Date("2026-11-20T10:00:00Z");
  await pools.door.query("INSERT INTO clicks (shop_id, clicked_at, id) VALUES ($1, $2, $3)", [
    world.shopId,
    now,
    newId(),
  ]);
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  expect((await ensureClickPartitions(owner, now)).made).toHaveLength(4);
  await expect(owner.query("SELECT FROM rewards")).rejects.toThrow("app.shop_id");
  await owner.end();
  await assertRuntimeRoles(pools);
  expect(await inShop(pools, world.shopId, (tx) => tx.query("SELECT FROM clicks"))).toHaveLength(1);
  await pools.end();
});
