import { afterAll, expect, test } from "vitest";
import { createPrisma } from "#app/data/prisma.ts";
import { bind, buy, COOLING_OFF_MS, DAN, HOUR_MS, mintCode, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createAdminBlock } from "./queries.ts";

const db = await createTestDatabase();
const prisma = createPrisma(db.pools.app);
afterAll(async () => {
  await prisma.$disconnect();
  await db.drop();
});

function blocksOf(world: UseCases) {
  const block = createAdminBlock({ prisma, keys: world.keys });
  return {
    order: (id: string) => block({ shop: world.shop, subject: { kind: "order", id } }),
    customer: (id: string) => block({ shop: world.shop, subject: { kind: "customer", id } }),
  };
}

test("the blocks say by whom an order and its buyer were referred, and what came of the referrer's link", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, "1", [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "1", orderId: "5001" });
  const blocks = blocksOf(world);
  const pending = { state: "PENDING", why: "in_cooling_off" };
  expect((await blocks.order("5001")).referrals).toMatchObject([pending]);
  expect((await blocks.customer("1")).referrals).toMatchObject([pending]);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect((await blocks.customer("1")).referrals).toMatchObject([{ state: "REWARDED", why: "paid" }]);
  expect(await blocks.customer(DAN)).toEqual({ referrals: [], ownLink: { code, friends: 1, rewarded: 1 } });
});

test("the blocks have nothing to tell about an order or a customer whom nobody referred, nor about another shop's", async () => {
  const [world, other] = [await buildUseCases(db), await buildUseCases(db)];
  await bind(world, "1", [tap(world, await mintCode(world))]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "1", orderId: "5001" });
  const nothing = { referrals: [], ownLink: null };
  expect(await blocksOf(other).order("5001")).toEqual(nothing);
  expect(await blocksOf(other).customer("1")).toEqual(nothing);
  expect(await blocksOf(world).order("5002")).toEqual(nothing);
  expect(await blocksOf(world).customer("7999")).toEqual(nothing);
});
