import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { voidReferral } from "#app/data/referrals.repo.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { buildCustomerAnswer, DAN_CARD } from "#test/builders/fake-shopify.ts";
import {
  bind,
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  EVE,
  HOUR_MS,
  MARA,
  DAN,
  mintCode,
  onlyReferral,
  orderFacts,
  placeOrder,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { holdForReview } from "./screen-referral.ts";
import { screenOrder } from "./screen-order.ts";
import { screenOrders } from "./screen-orders.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const SECOND_MS = 1_000;

/** Mara's order is known, and Shopify was not asked about it yet. */
async function ordered(options: Parameters<typeof buildUseCases>[1] = {}): Promise<UseCases> {
  const world = await buildUseCases(db, options);
  await bind(world, MARA, [tap(world, await mintCode(world))]);
  world.clock.skip(HOUR_MS / 2);
  placeOrder(world, { orderId: "5001" });
  await world.deliver("orders/paid", orderFacts(world, { orderId: "5001" }));
  await world.workOn("inbox");
  return world;
}

/** The world in which something happens whenever Shopify is asked what decides about referrals. */
function whileAsked(world: UseCases, happens: () => Promise<unknown>): UseCases {
  const shop = world.admin.forShop(world.shopId, world.domain);
  const readEvidence: typeof shop.readEvidence = async (asked) => {
    await happens();
    return shop.readEvidence(asked);
  };
  return { ...world, admin: { forShop: () => ({ ...shop, readEvidence }) } };
}

async function screenOnce(world: UseCases) {
  return screenOrder(world, await world.outboxRow("referral.screen"));
}

async function decisionsOf(world: UseCases): Promise<number> {
  return (await world.query("SELECT FROM decisions")).length;
}

test("an order that Shopify refuses to show is given up with the name of the refusal", async () => {
  const world = await ordered();
  world.shopify.trouble = { outcome: "refused", code: "ACCESS_DENIED" };
  expect(await screenOnce(world)).toEqual({ outcome: "dead", reason: "refused_ACCESS_DENIED" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
});

test("a row that does not say since when it asks begins to wait when it runs: no person is asked yet", async () => {
  const world = await ordered();
  const row = await world.outboxRow("referral.screen");
  const { askedAt: _unknown, ...payload } = row.payload;
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: SECOND_MS };
  world.clock.skip(2 * DAY_MS);
  expect(await screenOrder(world, { ...row, payload })).toMatchObject({ outcome: "again", reason: "unavailable" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  expect(await screenOrder(world, row)).toEqual({ outcome: "done" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "evidence_missing" });
});

test("a referral that ends while Shopify is asked about its order is not judged any more", async () => {
  const world = await ordered();
  const { id: referralId } = await onlyReferral(world);
  const before = await decisionsOf(world);
  const end = { shopId: world.shopId, referralId, to: "REJECTED", reason: "manual", actor: "7001" } as const;
  const ends = () => inShop(world.pools, world.shopId, (tx) => voidReferral(tx, { ...end, now: world.clock.now() }));
  expect(await screenOnce(whileAsked(world, ends))).toEqual({ outcome: "done" });
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "manual" });
  expect(await decisionsOf(world)).toBe(before);
});

test("a held referral that is screened again renews its case for what is new, and leaves it be when nothing is", async () => {
  const world = await buildUseCases(db);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await convertedFriend(world, { cardUsed: DAN_CARD });
  const [held] = await casesOf(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "same_card" });
  world.clock.skip(SECOND_MS);
  await screenOnce(world);
  expect(await casesOf(world)).toEqual([held]);
  placeOrder(world, { orderId: "5001", cardUsed: DAN_CARD, admin: { risk: "CANCEL" } });
  world.clock.skip(SECOND_MS);
  await screenOnce(world);
  expect(await casesOf(world)).toMatchObject([{ id: held?.id, version: (held?.version ?? 0) + 1 }]);
});

test("of several that are screened together one that is held meanwhile is left out, and the others are passed", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  for (const [customerId, orderId] of [
    [MARA, "5001"],
    [EVE, "5002"],
  ] as const) {
    await bind(world, customerId, [tap(world, code)]);
    world.clock.skip(HOUR_MS);
    placeOrder(world, { customerId, orderId });
    await world.deliver("orders/paid", orderFacts(world, { customerId, orderId }));
  }
  await world.workOn("inbox");
  const referrals = await referralsOf(world);
  const [first, second] = referrals.map(({ id }) => id);
  const template = await world.outboxRow("referral.screen");
  const rows = referrals.map(({ id }) => ({ ...template, id, payload: { ...template.payload, referralId: id } }));
  const hold = { shopId: world.shopId, referralId: first ?? "", reason: "order_risk", now: world.clock.now() };
  const holds = () => inShop(world.pools, world.shopId, (tx) => holdForReview(tx, hold));
  const before = await decisionsOf(world);
  const done = await screenOrders(whileAsked(world, holds), world.shopId, rows);
  expect([...done.keys()]).toEqual([second]);
  expect(await decisionsOf(world)).toBe(before + 1);
  expect(await referralsOf(world)).toMatchObject([{ state: "HELD", reason: "order_risk" }, { state: "PENDING" }]);
});

test.each([
  ["rejects the referral", null, { state: "REJECTED", reason: "existing_customer" }],
  ["says nothing where only orders of the last days count", 365, { state: "PENDING", reason: null }],
])("an order of before the click, which Shopify alone knows of, %s", async (_what, days, expected) => {
  const world = await ordered({ terms: { new_customer_days: days } });
  const firstOrderAt = new Date(world.clock.now().getTime() - 3 * 365 * DAY_MS);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstOrderAt }));
  await world.work();
  expect(await onlyReferral(world)).toMatchObject(expected);
});

test("a first order that came after the click does not make a friend an existing customer", async () => {
  const world = await ordered();
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstOrderAt: world.clock.now() }));
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", reason: null });
});

test("where nothing is kept of both people Shopify is asked about the order alone, and it is paid", async () => {
  const world = await ordered();
  await world.query("UPDATE people SET profile_enc = NULL, profile_key_wrapped = NULL");
  const asked: object[] = [];
  const shop = world.admin.forShop(world.shopId, world.domain);
  const readEvidence: typeof shop.readEvidence = (questions) => {
    asked.push(...questions);
    return shop.readEvidence(questions);
  };
  const listening = { ...world, admin: { forShop: () => ({ ...shop, readEvidence }) } };
  expect(await screenOnce(listening)).toEqual({ outcome: "done" });
  expect(asked).toEqual([{ orderId: "5001", friendCustomerId: null, referrerCustomerId: null }]);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});
