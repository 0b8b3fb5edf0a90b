import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import {
  bind,
  buy,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  personOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { convertByOrder } from "./convert-referral.ts";
import { friendFacts } from "./friend-facts.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("an order whose total is no money of its currency qualifies for nothing, and the next one does", async () => {
  const world = await buildUseCases(db);
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", totalPrice: "42.001" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null });
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5002" });
  expect(await onlyReferral(world)).toMatchObject({ order: "5002" });
});

test("an order that was read of a referral before another was recorded on it is not recorded on top", async () => {
  const world = await buildUseCases(db);
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  const { shopId, shop, clock } = world;
  const { id } = await onlyReferral(world);
  const personId = (await personOf(world, MARA)) ?? "";
  const [referral, before] = await inShop(world.pools, shopId, async (tx) => [
    await referralById(tx, shopId, id),
    await friendFacts(tx, shopId, personId),
  ]);
  invariant(referral !== null, "the referral is there");
  clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001" });
  const facts = orderFacts(world, { orderId: "5002", customerId: MARA });
  const event = { id: newId(), shopId, topic: "orders/create", receivedAt: clock.now(), facts };
  const late = { event, shop, personId, before, now: clock.now(), deps: world, referral };
  const isConverted = await inShop(world.pools, shopId, (tx) => convertByOrder(tx, late));
  expect(isConverted).toBe(false);
  expect(await onlyReferral(world)).toMatchObject({ order: "5001" });
});
