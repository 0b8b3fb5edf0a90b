import { afterAll, expect, test } from "vitest";
import { DAY_MS } from "#test/builders/domain.ts";
import { casesOf, convertedFriend, COOLING_OFF_MS, findingsOf } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { compareDiscounts } from "./compare-discounts.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A friend brought, bought, and rewarded for it. */
async function paid(): Promise<UseCases> {
  const world = await buildUseCases(db);
  await convertedFriend(world, { orderId: "5001" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  return world;
}

async function nextDay(world: UseCases): Promise<void> {
  world.clock.skip(DAY_MS);
  await world.work();
}

function reversalsOf(world: UseCases): Promise<{ keys: string[] | null; incomplete: boolean | null }[]> {
  return world.query(
    `SELECT later_facts -> 'reversal' -> 'keys' AS keys, (later_facts -> 'reversal' ->> 'incomplete')::boolean AS incomplete FROM referrals`,
  );
}

test("a charge-back whose message was lost is found by reading, and asks a person once", async () => {
  const world = await paid();
  world.shopify.disputes.set("5001", [{ disputeId: "77", status: "needs_response" }]);
  for (let days = 0; days < 3; days += 1) await nextDay(world);
  expect(await casesOf(world)).toMatchObject([
    { kind: "refund_after_reward", state: "open", reason: "order_disputed" },
  ]);
  expect(await reversalsOf(world)).toEqual([{ keys: ["dispute:77"], incomplete: false }]);
  expect(await findingsOf(world)).toEqual([]);
});

/** What the case says that a bank asks for, in minor units. */
async function disputedOf(world: UseCases): Promise<string | null> {
  const [row] = await world.query<{ disputed: string | null }>(
    "SELECT (later_facts -> 'reversal' -> 'disputes' ->> 'dispute:77') AS disputed FROM referrals",
  );
  return row?.disputed ?? null;
}

test("a charge-back that is found by reading has its amount where the shop shows it, and of its own order alone", async () => {
  for (const [orderId, disputed] of [
    ["5001", "1250"],
    ["5002", null],
    [null, null],
  ] as const) {
    const world = await paid();
    world.shopify.disputes.set("5001", [{ disputeId: "77", status: "needs_response" }]);
    world.shopify.disputed.set("77", { disputeId: "77", orderId, amount: "12.50", currency: "GBP" });
    await nextDay(world);
    expect(await disputedOf(world), String(orderId)).toBe(disputed);
  }
});

test("while Shopify does not say what a bank asks for, nothing is told, and it is asked again", async () => {
  const world = await paid();
  world.shopify.disputes.set("5001", [{ disputeId: "77", status: "needs_response" }]);
  const own = world.admin.forShop(world.shopId, world.domain);
  const disputesById = () => Promise.resolve({ outcome: "throttled", retryAfterMs: 1_000 } as const);
  const admin = { forShop: () => ({ ...own, disputesById }) };
  const row = { ...(await world.outboxRow("discounts.compare")), payload: {} };
  expect(await compareDiscounts({ ...world, admin }, row)).toMatchObject({ outcome: "again", reason: "throttled" });
  await world.work();
  expect(await casesOf(world)).toEqual([]);
});

test("a charge-back that was told of already is not another one", async () => {
  const world = await paid();
  const amount = { amount: "42.00", currency: "GBP", status: "needs_response" };
  await world.deliver("disputes/create", { kind: "dispute", orderId: "5001", disputeId: "77", ...amount });
  await world.work();
  world.shopify.disputes.set("5001", [{ disputeId: "77", status: "lost" }]);
  await nextDay(world);
  expect(await reversalsOf(world)).toEqual([{ keys: ["dispute:77"], incomplete: false }]);
  expect(await casesOf(world)).toHaveLength(1);
});

test("a charge-back that the shop won takes nothing", async () => {
  const world = await paid();
  world.shopify.disputes.set("5001", [{ disputeId: "77", status: "won" }]);
  await nextDay(world);
  expect(await casesOf(world)).toEqual([]);
});

test("a rewarded order that was deleted without a word is told when it was missing in two rounds", async () => {
  const world = await paid();
  world.shopify.orders.delete("5001");
  await nextDay(world);
  expect(await casesOf(world)).toEqual([]);
  for (let days = 0; days < 3; days += 1) await nextDay(world);
  expect(await casesOf(world)).toMatchObject([{ kind: "refund_after_reward", reason: "order_deleted" }]);
  expect(await reversalsOf(world)).toEqual([{ keys: ["deleted:5001"], incomplete: false }]);
});

test("an order that was missing once and is there again was not deleted", async () => {
  const world = await paid();
  const order = world.shopify.orders.get("5001");
  world.shopify.orders.delete("5001");
  await nextDay(world);
  if (order !== undefined) world.shopify.orders.set("5001", order);
  await nextDay(world);
  world.shopify.orders.delete("5001");
  await nextDay(world);
  expect(await casesOf(world)).toEqual([]);
});

test("an order that is older than Shopify shows is not missed", async () => {
  const world = await paid();
  world.clock.skip(60 * DAY_MS);
  await world.work();
  world.shopify.orders.delete("5001");
  for (let days = 0; days < 3; days += 1) await nextDay(world);
  expect(await casesOf(world)).toEqual([]);
});
