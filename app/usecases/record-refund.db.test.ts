import { afterAll, expect, test } from "vitest";
import { buildUseCases } from "#test/builders/usecases.ts";
import {
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  findingsOf,
  onlyReferral,
  orderFacts,
  paidOf,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { recordReversal } from "./record-refund.ts";
import { reviewCase } from "./review-case.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("a refund after the reward opens one case, however often it is told, and takes nothing back", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const refund = { shopId: world.shopId, orderId: "5001", reason: "order_refunded", refundId: "801" } as const;
  await Promise.all(Array.from({ length: 10 }, () => recordReversal(world, refund)));
  expect(await casesOf(world)).toMatchObject([
    { kind: "refund_after_reward", state: "open", reason: "order_refunded" },
  ]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await findingsOf(world)).toEqual([]);
});

test("an order cancelled after the reward is a case as well", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await world.deliver(
    "orders/cancelled",
    orderFacts(world, { orderId: "5001", cancelledAt: world.clock.now().getTime() }),
  );
  await world.work();
  expect(await casesOf(world)).toMatchObject([{ kind: "refund_after_reward", reason: "order_cancelled" }]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED", order: "5001" });
});

test("what was decided is not asked again when it is told again; another refund is asked about", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const told = { shopId: world.shopId, orderId: "5001" };
  const refund = (refundId: string) => recordReversal(world, { ...told, reason: "order_refunded", refundId });
  await recordReversal(world, { ...told, reason: "order_cancelled" });
  await refund("801");
  const [opened] = await casesOf(world);
  const decision = { intent: "reject", reason: "let it stand", note: null, actor: "staff-1" } as const;
  await reviewCase(world, {
    shopId: world.shopId,
    caseId: opened?.id ?? "",
    version: opened?.version ?? 0,
    ...decision,
  });
  await refund("801");
  await recordReversal(world, { ...told, reason: "order_cancelled" });
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "rejected" }]);
  await refund("802");
  expect(await casesOf(world)).toMatchObject([{ state: "closed" }, { state: "open", reason: "order_refunded" }]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("a refund before the reward, or of an order that is nobody's, opens no case", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  for (const orderId of ["5001", "5999"])
    await recordReversal(world, { shopId: world.shopId, orderId, reason: "order_refunded" });
  expect(await casesOf(world)).toEqual([]);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
});
