import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { claimWelcome } from "#app/usecases/claim-welcome.ts";
import {
  attributionsOf,
  buy,
  casesOf,
  COOLING_OFF_MS,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  mintCode,
  onlyReferral,
  placeOrder,
  referralsOf,
  tap,
  WINDOW_MS,
} from "#test/builders/journeys.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DEVICE = "11111111-2222-4333-8444-555555555555";
const TEN_OFF = "10.00";

/** Dan's link in a shop whose friends get a code for their first order, and a tap on it. */
async function buildTap(terms: Record<string, unknown> = {}) {
  const world = await buildUseCases(db, { fulfils: true, terms: { friend: { when: "on_first_order" }, ...terms } });
  const code = await mintCode(world);
  await world.work();
  const token = tap(world, code);
  return { world, code, token };
}

async function claim(world: UseCases, token: string, by: { email?: string; device?: string } = {}): Promise<string> {
  const { email = null, device = null } = by;
  const result = await claimWelcome(world, {
    shop: world.shop,
    token,
    customerId: null,
    email,
    device,
    prefix: null,
    cartToken: null,
    locale: "en",
  });
  if (result.outcome === "refused" || result.welcomeCode === null) throw new Error(JSON.stringify(result));
  world.clock.skip(HOUR_MS / 2);
  return result.welcomeCode;
}

/** An order on which one code took ten pounds off. */
function withCode(code: string, amount: string = TEN_OFF) {
  return { discountCodes: [code], discounts: [{ code, amount }], totalPrice: "32.00" };
}

function rewardsOf(world: UseCases): Promise<{ side: number; kind: string; status: string; code: string | null }[]> {
  return world.query("SELECT side, kind, status, code FROM rewards ORDER BY side");
}

function costsOf(world: UseCases): Promise<{ order: string; code: string; amount: bigint }[]> {
  return world.query(
    `SELECT order_id::text AS "order", code, amount FROM ledger_transfers WHERE purpose = 'welcome_cost' ORDER BY order_id`,
  );
}

function leakageOf(world: UseCases): Promise<{ order: string; amount: bigint }[]> {
  return world.query(`SELECT order_id::text AS "order", amount FROM leakage ORDER BY order_id`);
}

async function welcomeState(world: UseCases, code: string): Promise<string | undefined> {
  const [row] = await world.query<{ state: string }>("SELECT state FROM welcome_codes WHERE code = $1", [code]);
  return row?.state;
}

test("a welcome code on the first order brings its friend, is booked once, and ends as a redeemed reward", async () => {
  const { world, token } = await buildTap();
  const code = await claim(world, token);
  const facts = await buy(world, { orderId: "5001", ...withCode(code.toLowerCase()) });
  await world.deliver("orders/create", { ...facts, paidAt: null });
  await world.work();
  expect(await costsOf(world)).toEqual([{ order: "5001", code, amount: 1000n }]);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001" });
  const [attribution] = await world.query("SELECT carrier, reason FROM attributions");
  expect(attribution).toEqual({ carrier: "welcome_code", reason: null });
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await rewardsOf(world)).toEqual([
    { side: 1, kind: "earned", status: "issued", code: expect.any(String) },
    { side: 2, kind: "welcome", status: "redeemed", code },
  ]);
  expect(await welcomeState(world, code)).toBe("used");
  expect(await leakageOf(world)).toEqual([]);
  expect(await findingsOf(world)).toEqual([]);
  const thanked =
    "SELECT w.side FROM outbox o JOIN rewards w ON o.dedupe_key = 'note:' || w.id WHERE o.topic = 'note.send' ORDER BY 1";
  expect(await world.query(thanked), "the friend is thanked, though there is nothing left to send").toContainEqual({
    side: 2,
  });
});

test("a friend who never claimed gets a code of the pool when the referral is paid, once, and is told", async () => {
  const { world, token } = await buildTap();
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  const [, friend] = await rewardsOf(world);
  expect(friend).toMatchObject({ kind: "welcome", status: "issued", code: expect.stringMatching(/^[0-9A-Z]{16}$/) });
  expect(await welcomeState(world, friend?.code ?? "")).toBe("issued");
  expect(await world.query("SELECT 1 AS one FROM notes WHERE side = 2")).toHaveLength(1);
  const row = await world.outboxRow("reward.fulfil");
  expect(row.payload).toBeDefined();
  expect(await world.query("SELECT 1 AS one FROM welcome_codes WHERE reward_id IS NOT NULL")).toHaveLength(1);
  expect(await findingsOf(world)).toEqual([]);
});

test("a code that is sent at the payout and used later is no leakage; unused, it leaves the shop at its end", async () => {
  const { world, token } = await buildTap();
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  const code = (await rewardsOf(world))[1]?.code ?? "";
  await buy(world, { orderId: "5002", ...withCode(code) });
  expect((await rewardsOf(world))[1]).toMatchObject({ status: "redeemed" });
  expect(await costsOf(world)).toHaveLength(1);
  expect(await leakageOf(world)).toEqual([]);

  const idle = await buildTap();
  idle.world.clock.skip(HOUR_MS);
  await buy(idle.world, { orderId: "5001", tokens: { cartAttribute: [idle.token], landingSite: [] } });
  idle.world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await idle.world.work();
  const unused = (await rewardsOf(idle.world))[1]?.code ?? "";
  const holds = () => idle.world.shopify.codes.has(unused);
  expect(holds()).toBe(true);
  idle.world.clock.skip(98 * DAY_MS);
  await idle.world.work();
  expect(holds()).toBe(false);
  expect((await rewardsOf(idle.world))[1]).toMatchObject({ status: "expired" });
});

test("a friend who claimed and ordered without the code keeps that one code, and gets no second", async () => {
  const { world, token } = await buildTap();
  const code = await claim(world, token);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  expect((await rewardsOf(world))[1]).toMatchObject({ status: "issued", code });
  world.clock.skip(WINDOW_MS - COOLING_OFF_MS);
  await world.work();
  expect(await welcomeState(world, code)).toBe("issued");
});

test("the payout waits for a code of the pool when there is none, and the referrer is paid all the same", async () => {
  const { world, token } = await buildTap();
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] } });
  await world.query("UPDATE welcome_codes SET state = 'expired'");
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await world.work();
  expect((await rewardsOf(world)).map(({ status }) => status)).toEqual(["issued", "owed"]);
  world.clock.skip(HOUR_MS);
  await world.work();
  expect((await rewardsOf(world)).map(({ status }) => status)).toEqual(["issued", "issued"]);
});

test("a welcome code used without a friend being brought is leakage, in the open once the referral ended", async () => {
  const { world, token } = await buildTap();
  await buy(world, { orderId: "5000", customerId: EVE });
  world.clock.skip(DAY_MS);
  const late = await claim(world, tap(world, await mintCode(world, DAN)));
  await buy(world, { orderId: "5001", customerId: EVE, ...withCode(late) });
  expect(await referralsOf(world)).toEqual([]);
  expect((await attributionsOf(world)).at(-1)).toMatchObject({ reason: "existing_customer" });
  expect(await leakageOf(world)).toEqual([{ order: "5001", amount: 1000n }]);
  const code = await claim(world, token);
  const facts = await buy(world, { orderId: "5002", ...withCode(code) });
  expect(await leakageOf(world)).toHaveLength(1);
  await world.deliver("orders/cancelled", { ...facts, cancelledAt: world.clock.now().getTime() });
  await world.work();
  world.clock.skip(WINDOW_MS + 2 * DAY_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "EXPIRED" });
  // The cancelled order's cost was taken back: it is no leakage.
  expect(await leakageOf(world)).toHaveLength(1);
});

/** What is booked and taken back of welcome codes: the sum that stands, and the entries there are. */
async function standingOf(world: UseCases): Promise<{ cost: bigint; entries: number }> {
  const [row] = await world.query<{ cost: bigint; entries: number }>(
    `SELECT coalesce(sum(CASE purpose WHEN 'welcome_cost' THEN amount ELSE -amount END), 0)::bigint AS cost, count(*)::int AS entries
       FROM ledger_transfers WHERE purpose = 'welcome_cost' OR purpose = 'reverse' AND reward_id IS NULL`,
  );
  return row ?? { cost: 0n, entries: 0 };
}

test.each(["orders/cancelled", "orders/delete"])(
  "%s takes a welcome code's cost back once, however often it is told, and asks a person",
  async (topic) => {
    const { world, token } = await buildTap();
    const code = await claim(world, token);
    const facts = await buy(world, { orderId: "5001", ...withCode(code) });
    expect(await standingOf(world)).toEqual({ cost: 1000n, entries: 1 });
    const gone = { kind: "order_deleted", orderId: "5001" } as const;
    const cancelled = { ...facts, cancelledAt: world.clock.now().getTime() };
    for (let times = 0; times < 3; times += 1) {
      await world.deliver(topic, topic === "orders/delete" ? gone : cancelled);
      await world.work();
    }
    expect(await standingOf(world)).toEqual({ cost: 0n, entries: 2 });
    expect(await casesOf(world)).toMatchObject([
      { kind: "conflict", reason: "welcome_order_cancelled", state: "open" },
    ]);
    expect(await leakageOf(world)).toEqual([]);
    expect(await findingsOf(world)).toEqual([]);
  },
);

test("an order that is told of as cancelled before it is told of as paid costs nothing in the end", async () => {
  const { world, token } = await buildTap();
  const code = await claim(world, token);
  const facts = placeOrder(world, { orderId: "5001", ...withCode(code) });
  await world.deliver("orders/cancelled", { ...facts, cancelledAt: world.clock.now().getTime() });
  await world.work();
  await world.deliver("orders/paid", facts);
  await world.work();
  expect(await standingOf(world)).toEqual({ cost: 0n, entries: 2 });
  expect(await findingsOf(world)).toEqual([]);
});

test("what a percentage took off is booked in money, and a code that took nothing off is used without a cost", async () => {
  const { world, token } = await buildTap({ friend: { kind: "percent", amount: "12.5", when: "on_first_order" } });
  const code = await claim(world, token);
  await buy(world, { orderId: "5001", ...withCode(code, "5.25") });
  expect(await costsOf(world)).toEqual([{ order: "5001", code, amount: 525n }]);
  const free = await buildTap({ friend: { kind: "free_shipping", when: "on_first_order" } });
  const shipping = await claim(free.world, free.token);
  await buy(free.world, { orderId: "5001", ...withCode(shipping, "0.00") });
  expect(await costsOf(free.world)).toEqual([]);
  free.world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  await free.world.work();
  expect((await rewardsOf(free.world))[1]).toMatchObject({ status: "redeemed", code: shipping });
});

test("a claim without its code counts by its device, and by its address only with the tap on the cart", async () => {
  const byDevice = await buildTap();
  await claim(byDevice.world, byDevice.token, { device: DEVICE });
  await buy(byDevice.world, { orderId: "5001", device: DEVICE });
  const [won] = await byDevice.world.query("SELECT carrier, reason FROM attributions");
  expect(won).toEqual({ carrier: "claim", reason: null });

  const byEmail = await buildTap();
  const email = "mara@example.com";
  await claim(byEmail.world, byEmail.token, { email, device: newId() });
  await buy(byEmail.world, { orderId: "5001", email, device: DEVICE });
  expect(await attributionsOf(byEmail.world)).toMatchObject([{ reason: "claim_unproven" }]);
  expect(await referralsOf(byEmail.world)).toEqual([]);
});

test("an order at the till attributes by its welcome code, and by nothing that a browser would have to carry", async () => {
  const { world, token } = await buildTap();
  const code = await claim(world, token, { device: DEVICE });
  await buy(world, { orderId: "5001", sourceName: "pos", device: DEVICE });
  expect(await referralsOf(world)).toEqual([]);
  const other = await buildTap();
  const used = await claim(other.world, other.token);
  await buy(other.world, { orderId: "5001", sourceName: "pos", ...withCode(used) });
  expect(await onlyReferral(other.world)).toMatchObject({ order: "5001" });
  expect(code).not.toBe(used);
});

test("a test order books nothing and uses nothing up", async () => {
  const { world, token } = await buildTap();
  const code = await claim(world, token);
  await buy(world, { orderId: "5001", test: true, ...withCode(code) });
  expect(await costsOf(world)).toEqual([]);
  expect(await welcomeState(world, code)).toBe("claimed");
});
