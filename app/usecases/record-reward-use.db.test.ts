import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { bookUse, breakOff, moveReward } from "#app/data/reward-uses.repo.ts";
import type { OrderFacts } from "#app/domain/event/order-facts.ts";
import { casesOf, findingsOf, orderFacts } from "#test/builders/journeys.ts";
import { entriesOf, issueReward, rewardOf } from "#test/builders/issued-rewards.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { recordRewardUse } from "./record-reward-use.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const AUDIT = "SELECT detail ->> 'reason' AS reason FROM audit WHERE action = 'reward.use_unbooked' ORDER BY id";

/** An order of somebody whom no referral knows, with one code. */
function orderWith(world: UseCases, code: string, amount: string, changes: Partial<OrderFacts> = {}): OrderFacts {
  return orderFacts(world, { orderId: "8001", discountCodes: [code], discounts: [{ code, amount }], ...changes });
}

async function tell(world: UseCases, topic: string, facts: OrderFacts): Promise<void> {
  await world.deliver(topic, facts);
  await world.work();
}

test("a used code is booked once with its rest as breakage, whichever event comes first and however often", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  const facts = orderWith(world, code.toLowerCase(), "6.00");
  for (const topic of ["orders/create", "orders/paid", "orders/paid", "orders/create"]) await tell(world, topic, facts);
  expect(await entriesOf(world, rewardId)).toEqual([
    { purpose: "breakage", unit: "GBP", amount: 400n },
    { purpose: "redeem", unit: "GBP", amount: 600n },
  ]);
  expect(await rewardOf(world, rewardId)).toEqual({ status: "redeemed", remaining: 0n });
  expect(await world.query("SELECT 1 FROM audit WHERE action = 'reward.redeemed'")).toHaveLength(1);
  expect(await casesOf(world)).toEqual([]);
  expect(await findingsOf(world)).toEqual([]);
});

test("the same order told by ten events at once is booked once", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  const facts = orderWith(world, code, "10.00");
  await Promise.all(Array.from({ length: 10 }, () => recordRewardUse(world, { shopId: world.shopId, facts })));
  expect(await entriesOf(world, rewardId)).toEqual([{ purpose: "redeem", unit: "GBP", amount: 1_000n }]);
  expect(await casesOf(world)).toEqual([]);
});

test("the statement itself books an order and code once, when nobody looked before", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  const { shopId, clock, pools } = world;
  const use = { shopId, rewardId, orderId: "8001", code, amountMinor: 600n, currency: "GBP", now: clock.now() };
  expect(await inShop(pools, shopId, (tx) => bookUse(tx, use))).toBe(2);
  expect(await inShop(pools, shopId, (tx) => bookUse(tx, use))).toBe(0);
});

test("a coupon is booked as one piece and with what it really took off", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world, "coupon");
  await tell(world, "orders/paid", orderWith(world, code, "4.50"));
  expect(await entriesOf(world, rewardId)).toEqual([
    { purpose: "coupon_cost", unit: "GBP", amount: 450n },
    { purpose: "redeem", unit: "coupon", amount: 1n },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a coupon that is used in a currency new to the shop opens its accounts", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world, "coupon");
  await tell(world, "orders/paid", orderWith(world, code, "450", { currency: "JPY" }));
  expect(await entriesOf(world, rewardId)).toEqual([
    { purpose: "coupon_cost", unit: "JPY", amount: 450n },
    { purpose: "redeem", unit: "coupon", amount: 1n },
  ]);
});

test("a code that took nothing off is spent: everything it held is breakage, once", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  for (const topic of ["orders/create", "orders/paid"]) await tell(world, topic, orderWith(world, code, "0.00"));
  expect(await entriesOf(world, rewardId)).toEqual([{ purpose: "breakage", unit: "GBP", amount: 1_000n }]);
  expect(await rewardOf(world, rewardId)).toEqual({ status: "redeemed", remaining: 0n });
  expect(await casesOf(world)).toEqual([]);
});

test("a cancelled order is reversed once, a person is asked, and the reward holds again what it held", async () => {
  const world = await buildUseCases(db);
  const { rewardId, referralId, personId, code } = await issueReward(world);
  await tell(world, "orders/create", orderWith(world, code, "6.00"));
  const cancelled = orderWith(world, code, "6.00", { paidAt: null, cancelledAt: world.clock.now().getTime() });
  for (let copy = 0; copy < 3; copy += 1) await tell(world, "orders/cancelled", cancelled);
  expect(await entriesOf(world, rewardId)).toEqual([
    { purpose: "breakage", unit: "GBP", amount: 400n },
    { purpose: "redeem", unit: "GBP", amount: 600n },
    { purpose: "reverse:breakage", unit: "GBP", amount: 400n },
    { purpose: "reverse:redeemed", unit: "GBP", amount: 600n },
  ]);
  expect(await rewardOf(world, rewardId)).toEqual({ status: "issued", remaining: 1_000n });
  expect(await world.query("SELECT kind, state, reason, referral_id, person_id FROM cases")).toEqual([
    { kind: "conflict", state: "open", reason: "reward_order_cancelled", referral_id: referralId, person_id: personId },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a deleted order is reversed like a cancelled one, once", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  await tell(world, "orders/paid", orderWith(world, code, "6.00"));
  for (let times = 0; times < 2; times += 1) {
    await world.deliver("orders/delete", { kind: "order_deleted", orderId: "8001" });
    await world.work();
  }
  expect(await entriesOf(world, rewardId)).toHaveLength(4);
  expect(await rewardOf(world, rewardId)).toEqual({ status: "issued", remaining: 1_000n });
  expect(await casesOf(world)).toMatchObject([{ kind: "conflict", reason: "reward_order_cancelled" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("an event of before the cancellation that comes after it changes nothing", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world, "coupon");
  const at = world.clock.now().getTime();
  await tell(world, "orders/cancelled", orderWith(world, code, "4.50", { paidAt: null, cancelledAt: at }));
  await tell(world, "orders/create", orderWith(world, code, "4.50"));
  await tell(world, "orders/paid", orderWith(world, code, "4.50"));
  expect(await entriesOf(world, rewardId)).toEqual([
    { purpose: "coupon_cost", unit: "GBP", amount: 450n },
    { purpose: "redeem", unit: "coupon", amount: 1n },
    { purpose: "reverse:redeemed", unit: "GBP", amount: 450n },
    { purpose: "reverse:redeemed", unit: "coupon", amount: 1n },
  ]);
  expect(await rewardOf(world, rewardId)).toEqual({ status: "issued", remaining: 1n });
});

test("after a cancellation the code may be used on another order", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  const at = world.clock.now().getTime();
  await tell(world, "orders/cancelled", orderWith(world, code, "6.00", { paidAt: null, cancelledAt: at }));
  await tell(world, "orders/paid", orderWith(world, code, "10.00", { orderId: "8002" }));
  expect(await rewardOf(world, rewardId)).toEqual({ status: "redeemed", remaining: 0n });
  expect(await findingsOf(world)).toEqual([]);
});

test("a use that the reward cannot hold is asked about once and not booked", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  await tell(world, "orders/paid", orderWith(world, code, "10.00"));
  const second = orderWith(world, code, "10.00", { orderId: "8002" });
  for (let copy = 0; copy < 3; copy += 1) await tell(world, "orders/paid", second);
  expect(await entriesOf(world, rewardId)).toEqual([{ purpose: "redeem", unit: "GBP", amount: 1_000n }]);
  expect(await world.query(AUDIT)).toEqual([{ reason: "reward_used_twice" }]);
  expect(await casesOf(world)).toMatchObject([{ kind: "conflict", state: "open" }]);
});

test.each([
  ["more than the reward holds", "12.00", "GBP", "discount_larger_than_reward", 1],
  ["another currency", "10.00", "EUR", "reward_currency_differs", 0],
  ["too many decimals", "6.005", "GBP", "discount_unreadable", 0],
  ["less than nothing", "-6.00", "GBP", "discount_unreadable", 0],
  ["an amount beyond all orders", "9".repeat(30), "GBP", "discount_unreadable", 0],
])("a discount of %s is asked about", async (_what, amount, currency, reason, entries) => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  await tell(world, "orders/paid", orderWith(world, code, amount, { currency }));
  expect(await world.query(AUDIT)).toEqual([{ reason }]);
  expect(await entriesOf(world, rewardId)).toHaveLength(entries);
});

test("a code that was withdrawn before its use came to be known is asked about", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  const { shopId, pools } = world;
  await inShop(pools, shopId, async (tx) => {
    await breakOff(tx, { shopId, rewardId, now: world.clock.now() });
    await moveReward(tx, { shopId, rewardId, from: "issued", to: "cancelled" });
  });
  await tell(world, "orders/paid", orderWith(world, code, "10.00"));
  expect(await world.query(AUDIT)).toEqual([{ reason: "reward_used_after_end" }]);
});

test("test orders, foreign codes and rows without amounts book nothing", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  await tell(world, "orders/paid", orderWith(world, code, "10.00", { test: true }));
  await tell(world, "orders/paid", orderWith(world, "SPRING", "10.00", { orderId: "8002" }));
  await tell(world, "orders/paid", orderWith(world, code, "10.00", { orderId: "8003", discounts: null }));
  expect(await entriesOf(world, rewardId)).toEqual([]);
  expect(await rewardOf(world, rewardId)).toMatchObject({ status: "issued" });
});

test("two codes of one order are booked each, whichever way round its events name them", async () => {
  const world = await buildUseCases(db);
  const [one, other] = [await issueReward(world), await issueReward(world)];
  const discounts = [one, other].map(({ code }) => ({ code, amount: "10.00" }));
  const facts = orderFacts(world, { orderId: "8001", discounts });
  const events = [facts, { ...facts, discounts: discounts.toReversed() }];
  const told = await Promise.allSettled(
    [...events, ...events, ...events].map((each) => recordRewardUse(world, { shopId: world.shopId, facts: each })),
  );
  expect(told.filter(({ status }) => status === "rejected")).toEqual([]);
  await world.work();
  for (const { rewardId } of [one, other])
    expect(await entriesOf(world, rewardId)).toEqual([{ purpose: "redeem", unit: "GBP", amount: 1_000n }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a discount in a currency that cannot be read is asked about, and not booked", async () => {
  const world = await buildUseCases(db);
  const { rewardId, code } = await issueReward(world);
  const facts = orderWith(world, code, "10.00", { currency: "pounds" });
  await recordRewardUse(world, { shopId: world.shopId, facts });
  expect(await world.query(AUDIT)).toEqual([{ reason: "discount_unreadable" }]);
  expect(await entriesOf(world, rewardId)).toEqual([]);
});

test("codes of one order are locked in one order for all: who waits for the first holds no other", async () => {
  const world = await buildUseCases(db);
  const rewards = [await issueReward(world), await issueReward(world)];
  const [first, last] = rewards.toSorted((left, right) => (left.code < right.code ? -1 : 1));
  if (first === undefined || last === undefined) throw new Error("two were issued");
  const lock = "SELECT FROM rewards WHERE id = $1 FOR UPDATE NOWAIT";
  const isWaiting = `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE NOT l.granted AND l.locktype = 'transactionid' AND a.datname = current_database()`;
  const discounts = [last, first].map(({ code }) => ({ code, amount: "10.00" }));
  const facts = orderFacts(world, { orderId: "8001", discounts });
  const holder = await db.ownerPool.connect();
  try {
    await holder.query("BEGIN");
    await holder.query(lock, [first.rewardId]);
    const told = recordRewardUse(world, { shopId: world.shopId, facts });
    await expect.poll(async () => (await db.ownerPool.query(isWaiting)).rowCount, { timeout: 10_000 }).toBe(1);
    expect((await db.ownerPool.query(lock, [last.rewardId])).rowCount).toBe(1);
    await holder.query("COMMIT");
    await told;
  } finally {
    holder.release();
  }
  expect(await entriesOf(world, last.rewardId)).toHaveLength(1);
});
