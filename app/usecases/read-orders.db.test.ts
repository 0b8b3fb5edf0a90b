import { afterAll, expect, test } from "vitest";
import type { ChangedOrder } from "#app/usecases/reconcile-ports.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import {
  bind,
  buy,
  casesOf,
  COOLING_OFF_MS,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  paidOf,
  placeOrder,
  tap,
  WINDOW_MS,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { pausePayouts } from "./pause-payouts.ts";
import { upkeep } from "./upkeep.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const QUARTER_MS = 15 * 60_000;
const ORDER = "5001";

/** An order of Mara's as Shopify has it; `changes` are laid over it. */
function changedOrder(world: UseCases, changes: Partial<ChangedOrder> = {}): ChangedOrder {
  const at = changes.createdAt ?? world.clock.now();
  const orderId = changes.orderId ?? ORDER;
  const iso = at.toISOString();
  return {
    orderId,
    createdAt: at,
    updatedAt: at,
    cancelledAt: null,
    paidAt: at,
    wasReduced: false,
    refunds: [],
    payload: {
      id: orderId,
      created_at: iso,
      processed_at: iso,
      updated_at: (changes.updatedAt ?? at).toISOString(),
      cancelled_at: changes.cancelledAt?.toISOString() ?? null,
      financial_status: "paid",
      source_name: "web",
      total_price_set: { shop_money: { amount: "42.00", currency_code: "GBP" } },
      customer: { id: MARA },
    },
    ...changes,
  };
}

/** Mara came by a link and signed up, half an hour ago. */
async function signedUp(world: UseCases): Promise<void> {
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  world.clock.skip(HOUR_MS / 2);
}

async function nextReading(world: UseCases): Promise<void> {
  world.clock.skip(QUARTER_MS);
  await world.work();
}

/** Inbox rows that were read instead of delivered. */
async function readRows(world: UseCases): Promise<string[]> {
  const rows = await world.query<{ key: string }>(
    "SELECT webhook_id AS key FROM inbox WHERE topic = 'goodword/read' ORDER BY webhook_id",
  );
  return rows.map(({ key }) => key);
}

async function foundOrders(world: UseCases): Promise<number> {
  const [row] = await world.query<{ found: number }>(
    "SELECT coalesce(sum((detail ->> 'count')::int), 0)::int AS found FROM audit WHERE action = 'orders.found'",
  );
  return row?.found ?? 0;
}

async function readTo(world: UseCases): Promise<Date | null> {
  const [row] = await world.query<{ at: Date | null }>("SELECT orders_read_to AS at FROM shops");
  return row?.at ?? null;
}

test("an order that no delivery told of is found, recorded and paid like any other", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  const at = world.clock.now();
  placeOrder(world, { orderId: ORDER });
  world.shopify.changed.push(changedOrder(world));
  await nextReading(world);
  expect(await onlyReferral(world)).toMatchObject({ order: ORDER, paidAt: at });
  expect(await readRows(world)).toEqual([`recon_${ORDER}_${at.getTime()}`]);
  await nextReading(world);
  expect(await foundOrders(world)).toBe(1);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await readRows(world)).toHaveLength(1);
  expect(await findingsOf(world)).toEqual([]);
});

test("an order that was delivered as it is now is not told again; a later version is, once", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  await buy(world, { orderId: ORDER });
  const createdAt = world.clock.now();
  world.shopify.changed.push(changedOrder(world));
  await nextReading(world);
  expect(await readRows(world)).toEqual([]);
  const updatedAt = world.clock.now();
  world.shopify.changed[0] = changedOrder(world, { createdAt, updatedAt });
  for (let times = 0; times < 3; times += 1) await nextReading(world);
  expect(await readRows(world)).toEqual([`recon_${ORDER}_${updatedAt.getTime()}`]);
  expect(await foundOrders(world)).toBe(0);
});

test("of an order whose payment was lost, the payment is told", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  const at = world.clock.now();
  await world.deliver("orders/create", { ...orderFacts(world, { orderId: ORDER }), paidAt: null });
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ order: ORDER, paidAt: null });
  world.shopify.changed.push(changedOrder(world));
  await nextReading(world);
  expect(await onlyReferral(world)).toMatchObject({ order: ORDER, paidAt: at });
  expect(await foundOrders(world)).toBe(0);
});

test("a cancellation and a refund that were lost are told: after the payout a person is asked", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  await buy(world, { orderId: ORDER });
  const createdAt = world.clock.now();
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  const updatedAt = world.clock.now();
  const money = { kind: "refund", status: "success", amount: "42.00", currency: "GBP" };
  const refund = { id: "77", order_id: ORDER, created_at: updatedAt.toISOString(), transactions: [money] };
  const refunds = [{ refundId: "77", payload: refund }];
  world.shopify.changed.push(
    changedOrder(world, { createdAt, updatedAt, cancelledAt: updatedAt, refunds, wasReduced: true }),
  );
  for (let times = 0; times < 2; times += 1) await nextReading(world);
  expect(await casesOf(world)).toMatchObject([{ kind: "refund_after_reward", state: "open" }]);
  const [row] = await world.query<{ keys: string[] }>(
    "SELECT later_facts -> 'reversal' -> 'keys' AS keys FROM referrals",
  );
  expect(row?.keys.toSorted()).toEqual([`cancelled:${ORDER}`, "edit:0", "refund:77"]);
});

test("a referral does not lapse before the orders of its window were looked for", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 0 };
  const orderedAt = new Date(world.clock.now().getTime() + DAY_MS);
  world.clock.skip(WINDOW_MS + 26 * HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  world.shopify.trouble = null;
  world.shopify.changed.push(changedOrder(world, { createdAt: orderedAt }));
  await nextReading(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: ORDER });
});

test("when Shopify can show nothing of the window any more, a referral lapses all the same", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  world.shopify.trouble = { outcome: "unauthorised" };
  world.clock.skip(WINDOW_MS + 61 * DAY_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "EXPIRED" });
});

test("orders that changed more than sixty days ago cannot be read, and the record says so", async () => {
  const world = await buildUseCases(db);
  await world.work();
  const last = await readTo(world);
  world.clock.skip(70 * DAY_MS);
  await world.work();
  const [gap] = await world.query<{ detail: object }>("SELECT detail FROM audit WHERE action = 'orders.unreadable'");
  const shownFrom = new Date(world.clock.now().getTime() - 60 * DAY_MS);
  expect(gap?.detail).toEqual({ from: last?.toISOString(), to: shownFrom.toISOString() });
  expect(await readTo(world)).toEqual(world.clock.now());
});

test("resuming the payouts reads everything again that an open referral may hang on", async () => {
  const world = await buildUseCases(db);
  await signedUp(world);
  const at = new Date(world.clock.now().getTime() - 1);
  world.clock.skip(3 * DAY_MS);
  await world.work();
  // Shopify showed it to no reading so far.
  world.shopify.changed.push(changedOrder(world, { createdAt: at }));
  await nextReading(world);
  expect(await onlyReferral(world)).toMatchObject({ order: null });
  await pausePayouts(world, { shopId: world.shopId, reason: "by hand", actor: "7" });
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "7" });
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ order: ORDER });
});

test("a reading that was given up begins again by itself", async () => {
  const world = await buildUseCases(db);
  await world.work();
  await world.query("UPDATE outbox SET state = 'dead', next_at = NULL WHERE topic = 'orders.read'");
  const before = await readTo(world);
  world.clock.skip(DAY_MS);
  await upkeep({ ...world, isRotating: false }, world.clock.now());
  await world.work();
  expect(await readTo(world)).toEqual(new Date((before?.getTime() ?? 0) + DAY_MS));
});
