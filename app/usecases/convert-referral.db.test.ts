import { afterAll, expect, test } from "vitest";
import { bind, buy, HOUR_MS, MARA, mintCode, onlyReferral, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

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
