import { afterAll, expect, test } from "vitest";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { newId } from "#app/platform/ids.ts";
import { reconcileShop } from "./reconcile-shop.ts";
import { setUsageLimit } from "./set-usage-limit.ts";
import { stopMails } from "./stop-mails.ts";
import { sealUnsubscribeToken } from "./unsubscribe-token.ts";

const db = await createTestDatabase();
afterAll(db.drop);

async function audited(world: UseCases, action: string): Promise<number> {
  const [row] = await world.query<{ n: number }>("SELECT count(*)::int AS n FROM audit WHERE action = $1", [action]);
  return row?.n ?? 0;
}

test("a reading that is asked for is put on the record, and one that is under way is not asked for again", async () => {
  const world = await buildUseCases(db);
  const ask = () => reconcileShop(world, { shopId: world.shopId, actor: "7001" });
  expect(await ask()).toEqual({ outcome: "started" });
  const leaseUntil = new Date(world.clock.now().getTime() + 60_000);
  await db.ownerPool.query("UPDATE outbox SET lease_until = $2 WHERE shop_id = $1 AND topic = 'orders.read'", [
    world.shopId,
    leaseUntil,
  ]);
  expect(await ask()).toEqual({ outcome: "under_way" });
  expect(await audited(world, "reconcile.asked")).toBe(1);
});

test("how a shop's limits count is put on the record when it changes, and not when it stays", async () => {
  const world = await buildUseCases(db);
  const set = (counts: "code" | "discount") => setUsageLimit(world, { shopId: world.shopId, counts, actor: "worker" });
  await set("discount");
  await set("discount");
  expect(await audited(world, "shop.usage_limit")).toBe(1);
  await set("code");
  expect(await audited(world, "shop.usage_limit")).toBe(2);
});

test("a mail's link stops the mails to its person, and any other link stops nothing", async () => {
  const world = await buildUseCases(db);
  expect(await stopMails(world, "not a token")).toEqual({ outcome: "unknown_link" });
  expect(await audited(world, "mails.stopped")).toBe(0);
  const token = sealUnsubscribeToken(world.keys, { shopId: world.shopId, personId: newId() });
  expect(await stopMails(world, token)).toEqual({ outcome: "stopped" });
  expect(await audited(world, "mails.stopped")).toBe(1);
});
