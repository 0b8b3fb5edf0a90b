import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import {
  attributionsOf,
  bind,
  buy,
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  paidOf,
  placeOrder,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const LATE_MS = 26 * HOUR_MS;
const rowStates = "SELECT topic, state FROM inbox WHERE topic LIKE 'orders/%' ORDER BY received_at, id";

test("a friend's first paid order converts the referral, and it is due when the cooling-off is over", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const now = world.clock.now();
  expect(await onlyReferral(world)).toMatchObject({
    state: "PENDING",
    order: "5001",
    paidAt: now,
    eligibleAt: new Date(now.getTime() + COOLING_OFF_MS),
  });
});

test("an order that carries a click opens the referral and converts it at once", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [], landingSite: [token] } });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
  expect(await attributionsOf(world)).toMatchObject([{ event: "order", reason: null }]);
});

test("an order that came before its bind waits for it, and the bind wakes it", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001" });
  expect(await world.query(rowStates)).toEqual([{ topic: "orders/paid", state: "parked" }]);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [token]);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
  expect(await world.query(rowStates)).toEqual([{ topic: "orders/paid", state: "done" }]);
});

test("an order without evidence waits for 26 hours and is then closed, with nothing opened", async () => {
  const world = await buildUseCases(db);
  await buy(world, { orderId: "5001" });
  world.clock.skip(LATE_MS - 1);
  await world.work();
  expect(await world.query(rowStates)).toEqual([{ topic: "orders/paid", state: "parked" }]);
  world.clock.skip(1);
  await world.work();
  expect(await world.query(rowStates)).toEqual([{ topic: "orders/paid", state: "done" }]);
  expect(await referralsOf(world)).toEqual([]);
});

test("a second order of somebody who has bought is not waited with", async () => {
  const world = await buildUseCases(db);
  await buy(world, { orderId: "4001" });
  world.clock.skip(DAY_MS);
  await buy(world, { orderId: "4002" });
  expect(await world.query(rowStates)).toEqual([
    { topic: "orders/paid", state: "parked" },
    { topic: "orders/paid", state: "done" },
  ]);
});

test("orders/paid before orders/create, three times and under fresh webhook ids, is one conversion and one payout", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  const paid = placeOrder(world, { orderId: "5001" });
  await world.deliver("orders/paid", paid, "wh-1");
  await world.deliver("orders/paid", paid, "wh-1");
  await world.deliver("orders/paid", paid, "wh-2");
  await world.work();
  await world.deliver("orders/create", { ...paid, paidAt: null, financialStatus: "pending" });
  await world.deliver("orders/paid", paid, "wh-3");
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({
    state: "PENDING",
    order: "5001",
    paidAt: new Date(paid.createdAt),
  });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await world.deliver("orders/paid", paid, "wh-4");
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await findingsOf(world)).toEqual([]);
});

test("an order that is paid days after the window still counts, and the cooling-off starts with the payment", async () => {
  const world = await buildUseCases(db, { terms: { window_days: 5 } });
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(4 * DAY_MS);
  const made = placeOrder(world, { orderId: "5001", paidAt: null, financialStatus: "pending" });
  await world.deliver("orders/create", made);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ order: "5001", paidAt: null, eligibleAt: null });
  world.clock.skip(8 * DAY_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  const paidAt = world.clock.now().getTime();
  await world.deliver("orders/paid", { ...made, paidAt, financialStatus: "paid" });
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", eligibleAt: new Date(paidAt + COOLING_OFF_MS) });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("an order made after the window does not count", async () => {
  const world = await buildUseCases(db, { terms: { window_days: 5 } });
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(5 * DAY_MS + 1);
  await buy(world, { orderId: "5001" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null });
});

test("an order cancelled within the window is taken off, and another counts", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(DAY_MS);
  await world.deliver(
    "orders/cancelled",
    orderFacts(world, { orderId: "5001", cancelledAt: world.clock.now().getTime() }),
  );
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null, eligibleAt: null });
  await buy(world, { orderId: "5002" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5002" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED", order: "5002" });
  expect(await findingsOf(world)).toEqual([]);
});

test("an order cancelled when the window is over ends the referral", async () => {
  const world = await buildUseCases(db, { terms: { window_days: 5 } });
  await convertedFriend(world);
  world.clock.skip(5 * DAY_MS + LATE_MS);
  await world.deliver(
    "orders/cancelled",
    orderFacts(world, { orderId: "5001", cancelledAt: world.clock.now().getTime() }),
  );
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED", reason: "order_cancelled" });
  expect(await findingsOf(world)).toEqual([]);
});

test("an old delivery that still says paid does not bring a cancelled order to a payout", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const stale = orderFacts(world, { orderId: "5001" });
  world.clock.skip(DAY_MS);
  const cancelledAt = world.clock.now();
  placeOrder(world, { orderId: "5001", admin: { cancelledAt } });
  await world.deliver("orders/cancelled", { ...stale, cancelledAt: cancelledAt.getTime() });
  await world.work();
  await world.deliver("orders/paid", stale);
  await world.work();
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null });
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
});

test("an order without a customer is nobody's", async () => {
  const world = await buildUseCases(db);
  const token = tap(world, await mintCode(world));
  const facts = orderFacts(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  await world.deliver("orders/paid", { ...facts, person: null });
  await world.work();
  expect(await referralsOf(world)).toEqual([]);
  expect(await world.query(rowStates)).toEqual([{ topic: "orders/paid", state: "done" }]);
});

test("a test order and a renewal open nothing and convert nothing", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const tokens = { cartAttribute: [tap(world, code)], landingSite: [] };
  await buy(world, { orderId: "5001", test: true, tokens });
  await buy(world, { orderId: "5002", renewal: true, tokens, customerId: "7010" });
  expect(await referralsOf(world)).toEqual([]);
  await bind(world, "7011", [tap(world, code)]);
  await buy(world, { orderId: "5003", test: true, customerId: "7011" });
  expect(await onlyReferral(world)).toMatchObject({ order: null });
});

test("an order of nothing does not convert, and the friend's first real one does", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", totalPrice: "0.00" });
  expect(await onlyReferral(world)).toMatchObject({ order: null });
  await buy(world, { orderId: "5002" });
  expect(await onlyReferral(world)).toMatchObject({ order: "5002" });
});

test("a till's order carries no click", async () => {
  const world = await buildUseCases(db);
  const tokens = { cartAttribute: [tap(world, await mintCode(world))], landingSite: [] };
  await buy(world, { orderId: "5001", sourceName: "pos", tokens });
  expect(await referralsOf(world)).toEqual([]);
});

test.each([
  ["JPY", "3300", 1_000n, 0],
  ["KWD", "12.500", 10_000n, 3],
])("a shop in %s pays in its own smallest unit", async (currency, totalPrice, amount, exponent) => {
  const world = await buildUseCases(db, { currency });
  await convertedFriend(world, { currency, totalPrice });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await world.query("SELECT unit, amount FROM rewards")).toEqual([
    { unit: currency, amount },
    { unit: currency, amount },
  ]);
  expect(await world.query("SELECT exponent FROM ledger_units WHERE unit = $1", [currency])).toEqual([{ exponent }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("ids beyond 2^53 stay exact: two orders that a float would take for one are two", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const [first, second] = ["9007199254740993", "9007199254740992"];
  for (const [customerId, orderId] of [
    ["9007199254740997", first],
    ["9007199254740996", second],
  ] as const) {
    await bind(world, customerId, [tap(world, code)]);
    world.clock.skip(HOUR_MS);
    await buy(world, { customerId, orderId });
  }
  expect((await referralsOf(world)).map(({ order }) => order)).toEqual([first, second]);
});

test("an order in another currency than the shop's waits for a person instead of being guessed at", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world, { currency: "USD" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  world.clock.skip(DAY_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "currency_changed" });
  expect(await casesOf(world)).toMatchObject([{ kind: "fraud_hold", state: "open" }]);
});

test("a click whose row the door lost is written anew from its token, once", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  expect(await world.query("SELECT flags FROM clicks")).toEqual([{ flags: 0 }]);
  const [referral] = await world.query<{ evidence: { source: string } }>("SELECT evidence FROM referrals");
  expect(referral?.evidence.source).toBe("token_only");
  expect(await inShop(world.pools, world.shopId, (tx) => tx.query("SELECT FROM check_clicks_default"))).toEqual([]);
});
