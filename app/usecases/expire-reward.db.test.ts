import { afterAll, expect, test } from "vitest";
import { findingsOf, HOUR_MS, orderFacts } from "#test/builders/journeys.ts";
import { entriesOf, issueReward, rewardOf } from "#test/builders/issued-rewards.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { expireReward } from "./expire-reward.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const LATE_MS = 26 * HOUR_MS;

async function use(world: UseCases, code: string, cancelled = false): Promise<void> {
  const cancelledAt = cancelled ? world.clock.now().getTime() : null;
  const discounts = [{ code, amount: "6.00" }];
  const facts = orderFacts(world, { orderId: "8001", discountCodes: [code], discounts, cancelledAt });
  await world.deliver(cancelled ? "orders/cancelled" : "orders/paid", facts);
  await world.work();
}

test.each(["GBP", "coupon"] as const)(
  "an unused code (%s) is broken off 26 hours after its end, once",
  async (unit) => {
    const world = await buildUseCases(db);
    const { rewardId, expiresAt } = await issueReward(world, unit);
    world.clock.set(expiresAt.getTime() + LATE_MS - 1);
    await world.work();
    expect(await rewardOf(world, rewardId)).toMatchObject({ status: "issued" });
    world.clock.skip(1);
    const row = await world.outboxRow("reward.expire");
    await Promise.all(Array.from({ length: 5 }, () => expireReward(world, row)));
    await world.work();
    expect(await entriesOf(world, rewardId)).toEqual([
      { purpose: "breakage", unit, amount: unit === "GBP" ? 1_000n : 1n },
    ]);
    expect(await rewardOf(world, rewardId)).toEqual({ status: "expired", remaining: 0n });
    expect(await world.query("SELECT 1 FROM audit WHERE action = 'reward.expired'")).toHaveLength(1);
    expect(await findingsOf(world)).toEqual([]);
  },
);

test("work that comes too early is put off to the code's own time", async () => {
  const world = await buildUseCases(db);
  const { expiresAt } = await issueReward(world);
  const verdict = await expireReward(world, await world.outboxRow("reward.expire"));
  expect(verdict).toMatchObject({ outcome: "again", at: new Date(expiresAt.getTime() + LATE_MS) });
});

test("a code that was used does not expire, even when the order was told of after its end", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code, expiresAt } = await issueReward(world);
  world.clock.set(expiresAt.getTime() + LATE_MS - HOUR_MS);
  await use(world, code);
  world.clock.skip(2 * HOUR_MS);
  await world.work();
  expect(await rewardOf(world, rewardId)).toMatchObject({ status: "redeemed" });
});

test("a code whose order was cancelled after its end lapses again, once", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code, expiresAt } = await issueReward(world);
  await use(world, code);
  world.clock.set(expiresAt.getTime() + 2 * LATE_MS);
  await world.work();
  await use(world, code, true);
  await world.work();
  expect(await rewardOf(world, rewardId)).toEqual({ status: "expired", remaining: 0n });
  const entries = (await entriesOf(world, rewardId)).map(({ purpose, amount }) => `${purpose} ${amount}`);
  expect(entries.toSorted()).toEqual([
    "breakage 1000",
    "breakage 400",
    "redeem 600",
    "reverse:breakage 400",
    "reverse:redeemed 600",
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test.each(["sending", "blocked", "cancelled"])("a code whose reward is %s is left as it is", async (status) => {
  const world = await buildUseCases(db);
  const { rewardId, expiresAt } = await issueReward(world);
  await world.query("UPDATE rewards SET status = $2 WHERE id = $1", [rewardId, status]);
  world.clock.set(expiresAt.getTime() + LATE_MS);
  await world.work();
  expect(await rewardOf(world, rewardId)).toEqual({ status, remaining: 1_000n });
  expect(await entriesOf(world, rewardId)).toEqual([]);
});

test("work that names no reward is given up", async () => {
  const world = await buildUseCases(db);
  await issueReward(world);
  const row = await world.outboxRow("reward.expire");
  expect(await expireReward(world, { ...row, payload: {}, dedupeKey: "expire-reward:nothing" })).toMatchObject({
    outcome: "dead",
  });
});
