import { afterAll, expect, test } from "vitest";
import { createPrisma } from "#app/data/prisma.ts";
import { newId } from "#app/platform/ids.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { HOUR_MS } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { reconciliationView } from "./reconciliation.ts";

const db = await createTestDatabase();
const prisma = createPrisma(db.pools.app);
afterAll(async () => {
  await prisma.$disconnect();
  await db.drop();
});

/** Deliveries of one kind, so many hours ago. */
async function delivered(world: UseCases, topic: string, count: number, hoursAgo: number): Promise<void> {
  const at = new Date(world.clock.now().getTime() - hoursAgo * HOUR_MS);
  for (let number = 0; number < count; number += 1)
    await world.query(
      `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, state, next_at, received_at)
       VALUES ($1, $2, $3, $4, '\\x', '{}', 'done', NULL, $5)`,
      [world.shopId, newId(), topic, newId(), at],
    );
}

async function silentAfter(world: UseCases): Promise<number | null> {
  const view = await reconciliationView({ prisma, keys: world.keys }, { shopId: world.shopId, now: world.clock.now() });
  return view.reading.silentAfter;
}

test("a day without any message, after a week of many, is said with how many came before", async () => {
  const world = await buildUseCases(db);
  world.clock.skip(30 * DAY_MS);
  await delivered(world, "customers/update", 42, 48);
  expect(await silentAfter(world)).toBe(6);
  await delivered(world, "goodword/read", 3, 1);
  expect(await silentAfter(world)).toBe(6);
  await delivered(world, "customers/update", 1, 1);
  expect(await silentAfter(world)).toBeNull();
});

test.each([
  ["a shop that hears little", 20, 48],
  ["a shop that was quiet for longer than a week", 100, 9 * 24],
  ["a shop that hears nothing yet", 0, 48],
] as const)("%s is not called silent", async (_what, count, hoursAgo) => {
  const world = await buildUseCases(db);
  world.clock.skip(30 * DAY_MS);
  await delivered(world, "orders/create", count, hoursAgo);
  expect(await silentAfter(world)).toBeNull();
});
