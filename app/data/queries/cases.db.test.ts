import { afterAll, expect, test } from "vitest";
import { createPrisma } from "#app/data/prisma.ts";
import { createQueries } from "#app/data/queries/queries.ts";
import { EVE, MARA } from "#test/builders/journeys.ts";
import { buildRewardingShop, decide, openCaseOf, refund, rewardFriend, useCode } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const gbp = (amount: string) => ({ amount, currency: "GBP" });

function queriesOf(world: UseCases) {
  return createQueries({ prisma: createPrisma(world.pools.app), keys: world.keys });
}

/** Dan's used reward was asked back; another order of his friends was refunded in part. */
async function afterTwoRefunds() {
  const world = await buildRewardingShop(db);
  const first = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  await useCode(world, first.referrer);
  await refund(world, { orderId: "5001", amount: "42.00" });
  await decide(world, await openCaseOf(world), { intent: "claw_back" });
  const second = await rewardFriend(world, { customerId: EVE, orderId: "5002" });
  await refund(world, { orderId: "5002", refundId: "2", amount: "31.50" });
  const wanted = { shopId: world.shopId, now: world.clock.now(), limit: 50 };
  return { world, first, second, wanted, queries: queriesOf(world) };
}

test("an open case shows what went back, what each side has, and only the choices that fit", async () => {
  const { queries, wanted } = await afterTwoRefunds();
  const [open, ...others] = await queries.openCases(wanted);
  expect(others).toEqual([]);
  expect(open?.reversal).toMatchObject({ refunded: gbp("31.50"), orderTotal: gbp("42.00"), percent: 75 });
  expect(open?.rewards.map(({ side, status, use }) => `${side} ${status} ${use}`)).toEqual([
    "referrer offset ended",
    "friend issued unused",
  ]);
  expect(open?.choices.map(({ intent, obstacle, sides }) => [intent, obstacle === null, sides])).toEqual([
    ["leave", true, []],
    ["withdraw", true, ["friend"]],
    ["claw_back", false, []],
    ["goodwill", true, ["referrer", "friend"]],
  ]);
});

test("a decided case is kept, with what can still be done about it", async () => {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  await useCode(world, referrer);
  await refund(world, { orderId: "5001", amount: "42.00" });
  await decide(world, await openCaseOf(world), { intent: "claw_back" });
  const wanted = { shopId: world.shopId, now: world.clock.now(), limit: 50 };
  const [closed] = await queriesOf(world).closedCases(wanted);
  expect(closed).toMatchObject({ decision: "clawed_back", receivable: { money: gbp("10.00"), coupons: 0 } });
  expect(closed?.choices.map(({ intent }) => intent)).toEqual(["waive", "goodwill"]);
  expect(await queriesOf(world).openCases(wanted)).toEqual([]);
});

test("a person's page adds up what they were given, what they used and what is still to be set off", async () => {
  const { queries, wanted, first } = await afterTwoRefunds();
  const person = await queries.person({ ...wanted, id: first.referrer.person });
  expect(person).toMatchObject({
    codeState: "active",
    counts: { REWARDED: 2 },
    earned: { money: gbp("20.00") },
    used: { money: gbp("10.00") },
    receivable: { money: gbp("0.00") },
  });
  expect([person?.referrals.length, person?.rewards.length, person?.cases.length]).toEqual([2, 2, 2]);
  const friend = await queries.person({ ...wanted, id: first.friend.person });
  expect([friend?.codeState, friend?.referrals, friend?.rewards.length]).toEqual(["none", [], 1]);
});

test("nobody is found by an id of another shop, or by something that is no id", async () => {
  const { first, wanted } = await afterTwoRefunds();
  const other = await buildRewardingShop(db);
  const queries = queriesOf(other);
  expect(await queries.person({ ...wanted, shopId: other.shopId, id: first.referrer.person })).toBeNull();
  expect(await queries.person({ ...wanted, id: "nobody" })).toBeNull();
});
