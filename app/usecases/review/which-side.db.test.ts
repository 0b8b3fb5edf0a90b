import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { convertedFriend, COOLING_OFF_MS, findingsOf, MARA } from "#test/builders/journeys.ts";
import {
  buildRewardingShop,
  decide,
  openCaseOf,
  refund,
  rewardFriend,
  rewardsOf,
  useCode,
} from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const CLOSED = { outcome: "decided", state: "closed" };

/** A rewarded referral whose order was refunded, with its open case. */
async function refunded(terms: Record<string, unknown> = {}) {
  const world = await buildRewardingShop(db, { terms });
  const rewards = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  await refund(world, { orderId: "5001", amount: "42.00" });
  return { world, ...rewards, open: await openCaseOf(world) };
}

async function statusesOf(world: UseCases): Promise<string[]> {
  return (await rewardsOf(world)).map(({ side, kind, status }) => `${side} ${kind} ${status}`);
}

async function rowsOf(world: UseCases, topic: string): Promise<number> {
  return (await world.query("SELECT FROM outbox WHERE topic = $1", [topic])).length;
}

test("a side whose code was used has none to withdraw, though the other side has", async () => {
  const { world, open, referrer } = await refunded();
  await useCode(world, referrer);
  expect(await decide(world, open, { intent: "withdraw", side: "referrer" })).toEqual({
    outcome: "not_allowed",
    why: "That side has no unused code.",
  });
  expect(await statusesOf(world)).toEqual(["1 earned redeemed", "2 earned issued"]);
});

test("a reward that was not issued yet is withdrawn without asking Shopify to delete anything", async () => {
  const world = await buildRewardingShop(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await statusesOf(world)).toEqual(["1 earned owed", "2 earned owed"]);
  await refund(world, { orderId: "5001", amount: "42.00" });
  expect(await decide(world, await openCaseOf(world), { intent: "withdraw", side: "friend" })).toEqual(CLOSED);
  expect(await statusesOf(world)).toEqual(["1 earned owed", "2 earned cancelled"]);
  expect([await rowsOf(world, "code.withdraw"), await findingsOf(world)]).toEqual([0, []]);
});

test("a welcome code that was not used is withdrawn, and breaks nothing off: no money stood behind it", async () => {
  const { world, open } = await refunded({ friend: { when: "on_first_order" } });
  expect((await statusesOf(world))[1]).toMatch("2 welcome");
  expect(await decide(world, open, { intent: "withdraw", side: "friend" })).toEqual(CLOSED);
  expect(await statusesOf(world)).toEqual(["1 earned issued", "2 welcome cancelled"]);
  expect(await world.query("SELECT FROM ledger_transfers WHERE purpose = 'breakage'")).toEqual([]);
});

test("goodwill goes to the referrer when no side is named, and never to both at once", async () => {
  const { world, open, referrer } = await refunded();
  expect(await decide(world, open, { intent: "goodwill", side: "both" })).toEqual({
    outcome: "not_allowed",
    why: "Choose one side: the referrer or the friend.",
  });
  expect(await decide(world, open, { intent: "goodwill" })).toEqual(CLOSED);
  expect((await rewardsOf(world)).at(-1)).toMatchObject({ kind: "goodwill", side: 1, person: referrer.person });
});

test("a replacement is for the side that was withdrawn: the friend's when theirs alone was, and for no other", async () => {
  const { world, open, friend } = await refunded();
  await decide(world, open, { intent: "withdraw", side: "friend" });
  const seen = { ...open, version: open.version + 1 };
  expect(await decide(world, seen, { intent: "replacement", side: "referrer" })).toEqual({
    outcome: "not_allowed",
    why: "That side has no withdrawn or expired reward.",
  });
  expect(await decide(world, seen, { intent: "replacement" })).toEqual(CLOSED);
  expect((await rewardsOf(world)).at(-1)).toMatchObject({ kind: "replacement", side: 2, replaces: friend.id });
});

test("a doubt about one reward is settled for that reward, and leaves the other side's in doubt", async () => {
  const world = await buildRewardingShop(db);
  const { referrer, friend } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  await world.query("UPDATE rewards SET status = 'unknown'");
  await world.query(
    `INSERT INTO cases (shop_id, id, kind, referral_id, person_id, reason, reward_id)
     VALUES ($1, $2, 'unknown_fulfilment', $3, $4, 'outcome_unknown', $5)`,
    [world.shopId, newId(), friend.referral, friend.person, friend.id],
  );
  expect(await decide(world, await openCaseOf(world), { intent: "mark_issued" })).toEqual(CLOSED);
  expect(await statusesOf(world)).toEqual(["1 earned unknown", "2 earned issued"]);
  expect(referrer.side).toBe(1);
});
