import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { inShop } from "./tenant.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const CUT_ARRIVES_MS = 200;

test("a connection that is cut between two queries fails the next one, and the pool gives another", async () => {
  const cutInTheMiddle = inShop(db.pools, newId(), async (tx) => {
    const [session] = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await db.ownerPool.query("SELECT pg_terminate_backend($1)", [session?.pid]);
    await sleep(CUT_ARRIVES_MS);
    await tx.query("SELECT 1");
  });
  await expect(cutInTheMiddle).rejects.toThrow();
  expect(await inShop(db.pools, newId(), (tx) => tx.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
});
