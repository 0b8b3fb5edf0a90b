import { afterAll, expect, test } from "vitest";
import { DAY_MS } from "#test/builders/domain.ts";
import { buildAdminLine } from "#test/builders/fake-shopify.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  bind,
  buy,
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  EVE,
  findingsOf,
  HOUR_MS,
  mintCode,
  onlyReferral,
  paidOf,
  placeOrder,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { inShop } from "#app/data/tenant.ts";
import { pausePayouts } from "./pause-payouts.ts";
import type { WorkVerdict } from "./ports.ts";
import { reviewCase } from "./review-case.ts";
import { holdForReview } from "./screen-referral.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const AWAY = { outcome: "unavailable", retryAfterMs: 1_000 } as const;

async function settleOnce(world: UseCases): Promise<WorkVerdict> {
  return settleReferral(world, await world.outboxRow("referral.settle"));
}

test("nothing is paid in the last millisecond of the cooling-off, and everything in the next", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS - 1);
  expect(await settleOnce(world)).toMatchObject({ outcome: "again", reason: "cooling_off" });
  world.clock.skip(1);
  expect(await settleOnce(world)).toEqual({ outcome: "done" });
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test.each([
  ["is cancelled", { cancelledAt: new Date() }],
  ["was refunded", { financialStatus: "REFUNDED" }],
  ["turned out a test", { test: true }],
  ["came to nothing", { totalPrice: "0" }],
  ["holds nothing but what was sent back", { lines: [buildAdminLine({ currentQuantity: 0 })] }],
  ["holds a gift card alone", { lines: [buildAdminLine({ giftCard: true })] }],
])("an order that %s by the payout earns nothing, and another may count", async (_what, admin) => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  placeOrder(world, { orderId: "5001", admin });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null });
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
});

test("an order that belongs to somebody else by the payout ends the referral", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  await mintCode(world, EVE);
  placeOrder(world, { orderId: "5001", admin: { customerId: EVE } });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "other_customer" });
  expect(await findingsOf(world)).toEqual([]);
});

test("an order under the minimum of the pinned terms earns nothing", async () => {
  const world = await buildUseCases(db, { terms: { minimum_order: "42.01" } });
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null });
});

test("while payouts are paused nothing is paid and nothing is lost", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  await pausePayouts(world, { shopId: world.shopId, reason: "stocktaking", actor: "owner" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "owner" });
  world.clock.skip(HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await world.query("SELECT action FROM audit WHERE action LIKE 'payouts.%' ORDER BY at")).toEqual([
    { action: "payouts.paused" },
    { action: "payouts.resumed" },
  ]);
});

test("a pause that another process has not heard of yet still stops the payout, and the work comes back", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.shops.byId(world.shopId);
  await world.query("UPDATE shops SET payouts_paused = 'elsewhere'");
  expect(await settleOnce(world)).toMatchObject({ outcome: "again" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  await world.query("UPDATE shops SET payouts_paused = NULL");
  world.clock.skip(HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("the switch for all shops stops every payout", async () => {
  const world = await buildUseCases(db, { payoutsPaused: true });
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  expect(await settleOnce(world)).toMatchObject({ outcome: "again", reason: "payouts_paused" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
});

test("an order that cannot be read is asked for again for a day, and is then a person's", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  world.shopify.trouble = AWAY;
  expect(await settleOnce(world)).toMatchObject({ outcome: "again", reason: "unavailable" });
  world.clock.skip(DAY_MS - 1);
  expect(await settleOnce(world)).toMatchObject({ outcome: "again" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  world.clock.skip(1);
  expect(await settleOnce(world)).toEqual({ outcome: "done" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "evidence_missing" });
  expect(await casesOf(world)).toMatchObject([{ kind: "fraud_hold", state: "open", reason: "evidence_missing" }]);
});

test("the day of asking again begins with the first asking, however long payouts were paused before", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  await pausePayouts(world, { shopId: world.shopId, reason: "stocktaking", actor: "owner" });
  world.clock.skip(COOLING_OFF_MS + 3 * DAY_MS);
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "owner" });
  world.shopify.trouble = AWAY;
  await settleOnce(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  world.shopify.trouble = null;
  await settleOnce(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("an order that a person released is asked for anew, for a day", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  world.shopify.trouble = AWAY;
  await settleOnce(world);
  world.clock.skip(DAY_MS);
  await settleOnce(world);
  const [held] = await casesOf(world);
  const seen = { shopId: world.shopId, caseId: held?.id ?? "", version: held?.version ?? 0 };
  await reviewCase(world, { ...seen, intent: "approve", reason: null, note: null, actor: "owner" });
  await settleOnce(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  world.shopify.trouble = null;
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await findingsOf(world)).toEqual([]);
});

test("an order that could not be read before a rule held it is asked for anew once a person releases it", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  world.shopify.trouble = AWAY;
  await settleOnce(world);
  const referral = await onlyReferral(world);
  const hold = { shopId: world.shopId, referralId: referral.id, reason: "order_risk", now: world.clock.now() };
  await inShop(world.pools, world.shopId, (tx) => holdForReview(tx, hold));
  world.clock.skip(2 * DAY_MS);
  const [held] = await casesOf(world);
  const seen = { shopId: world.shopId, caseId: held?.id ?? "", version: held?.version ?? 0 };
  await reviewCase(world, { ...seen, intent: "approve", reason: null, note: null, actor: "owner" });
  await settleOnce(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
});

test("an order that cannot be read for half a day is paid when it can be", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  world.shopify.trouble = AWAY;
  await world.work();
  world.clock.skip(DAY_MS / 2);
  world.shopify.trouble = null;
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("fifty-five days after the payment the order as it was kept decides", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  await pausePayouts(world, { shopId: world.shopId, reason: "long pause", actor: "owner" });
  world.clock.skip(55 * DAY_MS + 1);
  world.shopify.orders.clear();
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "owner" });
  await settleOnce(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await world.query("SELECT FROM audit WHERE action = 'referral.decided_on_snapshot'")).toHaveLength(1);
});

test("at the cap the next reward is held, and approving it waives the cap for that one alone", async () => {
  const world = await buildUseCases(db, { terms: { cap_30_days: 1 } });
  const code = await mintCode(world);
  for (const [customerId, orderId] of [
    ["1", "5001"],
    ["2", "5002"],
    ["3", "5003"],
  ] as const) {
    await bind(world, customerId, [tap(world, code)]);
    world.clock.skip(HOUR_MS);
    await buy(world, { customerId, orderId });
  }
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await referralsOf(world)).toMatchObject([
    { state: "REWARDED" },
    { state: "HELD", reason: "reward_cap" },
    { state: "HELD", reason: "reward_cap" },
  ]);
  const [held] = await casesOf(world);
  expect(held).toMatchObject({ kind: "reward_cap", state: "open" });
  const seen = { shopId: world.shopId, caseId: held?.id ?? "", version: held?.version ?? 0 };
  await reviewCase(world, { ...seen, intent: "approve", reason: null, note: null, actor: "owner" });
  await world.work();
  const states = (await referralsOf(world)).map(({ state }) => state);
  expect(states.toSorted()).toEqual(["HELD", "REWARDED", "REWARDED"]);
  expect(await findingsOf(world)).toEqual([]);
});

test("thirty days after the last reward there is room under the cap again", async () => {
  const world = await buildUseCases(db, { terms: { cap_30_days: 1 } });
  const code = await mintCode(world);
  await bind(world, "1", [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "1", orderId: "5001" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  world.clock.skip(30 * DAY_MS);
  await bind(world, "2", [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  await buy(world, { customerId: "2", orderId: "5002" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await referralsOf(world)).toMatchObject([{ state: "REWARDED" }, { state: "REWARDED" }]);
});
