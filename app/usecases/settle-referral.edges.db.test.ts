import { afterAll, expect, test } from "vitest";
import { convertedFriend, COOLING_OFF_MS, HOUR_MS, onlyReferral, paidOf, placeOrder } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("an order whose money has not come by the payout is asked for again, and paid when it has", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  placeOrder(world, { orderId: "5001", admin: { financialStatus: "PENDING", fullyPaid: false } });
  world.clock.skip(COOLING_OFF_MS);
  const row = await world.outboxRow("referral.settle");
  expect(await settleReferral(world, row)).toMatchObject({ outcome: "again", reason: "not_payable_yet" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
  placeOrder(world, { orderId: "5001" });
  world.clock.skip(HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});
