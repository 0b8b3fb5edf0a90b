import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { buildWorld } from "#test/harness/world.ts";
import type { Pools } from "./pools.ts";
import { inShop } from "./tenant.ts";
import type { Tx } from "./tenant.ts";

const db = await createTestDatabase();
afterAll(db.drop);

function addPerson(tx: Tx, shopId: string): Promise<number> {
  return tx.execute("INSERT INTO people (shop_id, id, created_at) VALUES ($1, $2, $3)", [shopId, newId(), new Date()]);
}

async function peopleOf(shopId: string): Promise<number> {
  const { rows } = await db.ownerPool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM people WHERE shop_id = $1",
    [shopId],
  );
  return rows[0]?.count ?? 0;
}

test("a transaction whose failed statement somebody swallowed is no success, and leaves nothing", async () => {
  const { shopId } = await buildWorld(db.pools);
  const before = await peopleOf(shopId);
  const swallowing = inShop(db.pools, shopId, async (tx) => {
    await addPerson(tx, shopId);
    await tx.query("SELECT 1 / 0").catch(() => undefined);
  });
  await expect(swallowing).rejects.toThrow("a statement had failed");
  expect(await peopleOf(shopId)).toBe(before);
});

test("statements that are sent together are one transaction: one that fails takes the others back", async () => {
  const { shopId } = await buildWorld(db.pools);
  const before = await peopleOf(shopId);
  const together = inShop(db.pools, shopId, (tx) =>
    Promise.all([addPerson(tx, shopId), tx.query("SELECT 1 / 0"), addPerson(tx, shopId)]),
  );
  await expect(together).rejects.toThrow("division by zero");
  expect(await peopleOf(shopId)).toBe(before);
});

test("work whose transaction never began fails, also when it asks for nothing, and its connection is not used again", async () => {
  const { shopId } = await buildWorld(db.pools);
  const before = await peopleOf(shopId);
  const cut: Pools = {
    ...db.pools,
    app: Object.assign(Object.create(db.pools.app), {
      async connect() {
        const client = await db.pools.app.connect();
        const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
        await db.ownerPool.query("SELECT pg_terminate_backend($1, 5000)", [rows[0]?.pid]);
        return client;
      },
    }),
  };
  await expect(inShop(cut, shopId, () => Promise.resolve("nothing asked"))).rejects.toThrow();
  await expect(inShop(cut, shopId, (tx) => addPerson(tx, shopId))).rejects.toThrow();
  expect(await peopleOf(shopId)).toBe(before);
  expect(await inShop(db.pools, shopId, (tx) => addPerson(tx, shopId))).toBe(1);
});

test("a statement that comes after the end of its transaction is refused, and not run in the next one", async () => {
  const { shopId } = await buildWorld(db.pools);
  const before = await peopleOf(shopId);
  let kept: Tx | undefined;
  await inShop(db.pools, shopId, (tx) => {
    kept = tx;
    return Promise.resolve();
  });
  await expect(async () => kept !== undefined && addPerson(kept, shopId)).rejects.toThrow("is over");
  expect(await peopleOf(shopId)).toBe(before);
});
