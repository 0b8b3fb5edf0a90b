import { afterAll, expect, test } from "vitest";
import { DAY_MS } from "#test/builders/domain.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  bind,
  buy,
  casesOf,
  convertedFriend,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  paidOf,
  placeOrder,
  referralsOf,
  tap,
  WINDOW_MS,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { expireReferral } from "./expire-referral.ts";
import { handleEvent } from "./handle-event.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const LATE_MS = 26 * HOUR_MS;

/** Mara signs up now, and buys nothing. */
async function signedUp(world: UseCases, device: string | null = null): Promise<{ code: string }> {
  const code = await mintCode(world, undefined, device);
  await bind(world, MARA, [tap(world, code)], device);
  return { code };
}

test("a referral without an order lapses 26 hours after its window, to the millisecond", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  world.clock.skip(WINDOW_MS + LATE_MS - 1);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  expect(await expireReferral(world, await world.outboxRow("referral.expire"))).toMatchObject({ outcome: "again" });
  world.clock.skip(1);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "EXPIRED", reason: "link_expired" });
  expect(await world.query("SELECT FROM ledger_transfers WHERE kind = 3")).toHaveLength(2);
  expect(await findingsOf(world)).toEqual([]);
});

test("after it lapsed, any valid click may open a new one", async () => {
  const world = await buildUseCases(db);
  const { code } = await signedUp(world);
  world.clock.skip(WINDOW_MS + LATE_MS);
  await world.work();
  await bind(world, MARA, [tap(world, code)]);
  expect(await referralsOf(world)).toMatchObject([{ state: "EXPIRED" }, { state: "PENDING" }]);
});

test("a held referral lapses too, and its case is closed", async () => {
  const world = await buildUseCases(db);
  await signedUp(world, "3f2b8c1e-0000-4000-8000-000000000001");
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "same_device" });
  world.clock.skip(WINDOW_MS + LATE_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "EXPIRED" });
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "expired" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("an unpaid order keeps a referral from lapsing for thirty days, and no longer", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  world.clock.skip(WINDOW_MS - HOUR_MS);
  await world.deliver(
    "orders/create",
    placeOrder(world, { orderId: "5001", paidAt: null, financialStatus: "pending" }),
  );
  await world.work();
  world.clock.skip(30 * DAY_MS - 1);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
  world.clock.skip(1);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED", reason: "order_not_paid" });
  expect(await findingsOf(world)).toEqual([]);
});

test("a lapse and a payout at once: the order that was recorded is paid", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(WINDOW_MS + LATE_MS);
  const [lapse, settle] = [await world.outboxRow("referral.expire"), await world.outboxRow("referral.settle")];
  await heldUp(world.databaseUrl, "referrals", 5, () => [
    ...Array.from({ length: 5 }, () => expireReferral(world, lapse)),
    ...Array.from({ length: 5 }, () => settleReferral(world, settle)),
  ]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
});

test("a lapse and an order at once: one of them happens, and a referral with an order is looked at again", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  const at = world.clock.now().getTime() + WINDOW_MS - HOUR_MS;
  world.clock.skip(WINDOW_MS + LATE_MS);
  await world.query("UPDATE shops SET orders_read_to = $1", [world.clock.now()]);
  const facts = placeOrder(world, { orderId: "5001", createdAt: at, processedAt: at, paidAt: null });
  const event = { shopId: world.shopId, id: "0", topic: "orders/create", facts, receivedAt: world.clock.now() };
  const unasked = () => Promise.reject(new Error("not asked for"));
  const lapse = await world.outboxRow("referral.expire");
  const [, lapsed] = await heldUp<unknown>(world.databaseUrl, "referrals", 2, () => [
    handleEvent({ ...world, uninstall: unasked, refreshShop: unasked }, event),
    expireReferral(world, lapse),
  ]);
  const { state, order } = await onlyReferral(world);
  const verdict = lapsed?.status === "fulfilled" ? lapsed.value : lapsed?.reason;
  expect([
    { state: "EXPIRED", order: null, verdict: { outcome: "done" } },
    { state: "PENDING", order: "5001", verdict: { outcome: "again", at: expect.any(Date), reason: "order_recorded" } },
  ]).toContainEqual({ state, order, verdict });
  await world.work();
  expect(await findingsOf(world)).toEqual([]);
});

test("an old delivery of a cancelled order, told again when its referral is over, pays nobody", async () => {
  const world = await buildUseCases(db, { terms: { window_days: 2 } });
  const token = tap(world, await mintCode(world));
  world.clock.skip(HOUR_MS);
  const facts = await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  world.clock.skip(4 * DAY_MS);
  const cancelledAt = world.clock.now();
  placeOrder(world, { orderId: "5001", admin: { cancelledAt } });
  await world.deliver("orders/cancelled", { ...facts, cancelledAt: cancelledAt.getTime() });
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED" });
  await world.deliver("orders/paid", facts);
  await world.work();
  world.clock.skip(28 * DAY_MS);
  await world.work();
  expect((await referralsOf(world)).map(({ state }) => state)).not.toContain("PENDING");
  expect(await world.query("SELECT FROM rewards")).toEqual([]);
  expect(await findingsOf(world)).toEqual([]);
});
