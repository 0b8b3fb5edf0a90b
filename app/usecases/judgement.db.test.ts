import { afterAll, expect, test } from "vitest";
import { RULE_IDS } from "#app/domain/screen/rule-ids.ts";
import { newId } from "#app/platform/ids.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import {
  bind,
  buy,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  personOf,
  placeOrder,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createJudgement } from "./judgement.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const HOME = {
  firstName: null,
  lastName: null,
  address1: "12 High Street",
  address2: null,
  city: "London",
  zip: "SW1A 1AA",
  countryCode: "GB",
};

async function rulesOf(world: UseCases): Promise<string[]> {
  const rows = await world.query<{ ids: string[] }>(
    "SELECT coalesce(array_agg(rule ->> 'id'), '{}') AS ids FROM decisions, jsonb_array_elements(rules) AS rule",
  );
  return [...new Set(rows[0]?.ids)];
}

test("a parcel to the referrer's door in other letters is held, by addresses that nobody stored", async () => {
  const world = await buildUseCases(db);
  world.shopify.orderAddresses.set(DAN, [HOME]);
  await convertedFriend(world, { admin: { shippingAddress: { ...HOME, address1: "12 Hihg St" } } });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "near_address" });
  const stored = await world.query<{ row: string }>("SELECT row_to_json(d)::text AS row FROM decisions d");
  expect(stored.every(({ row }) => !/high|hihg/i.test(row))).toBe(true);
});

test("evidence that was kept before its newest fields were is judged as far as it goes", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  await world.query(
    "UPDATE referrals SET evidence = jsonb_build_object('clickId', evidence -> 'clickId', 'clickedAt', evidence -> 'clickedAt', 'carrier', 'claim')",
  );
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  const [last] = await world.query<{ features: Record<string, unknown> }>(
    "SELECT features FROM decisions ORDER BY at DESC, id DESC LIMIT 1",
  );
  expect(last?.features).toMatchObject({ couponSource: null, claimedEmails: null, clickToOrderMs: HOUR_MS });
});

test("a friend on the block list is rejected when the order is known", async () => {
  const world = await buildUseCases(db);
  const judgement = createJudgement(world);
  const code = await mintCode(world);
  const asked = {
    shopId: world.shopId,
    kind: "code",
    subject: code,
    reason: "posted on a coupon site",
    actor: "42",
  } as const;
  expect((await judgement.addToBlockList(asked)).outcome).toBe("added");
  expect(await judgement.blockList({ shopId: world.shopId })).toMatchObject([{ kind: "code", addedBy: "42" }]);
  await bind(world, MARA, [tap(world, code)]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "block_list" });
});

test("when Shopify cannot be asked for a day a person is, and nobody before", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  placeOrder(world, { orderId: "5001" });
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 0 };
  await world.deliver("orders/paid", orderFacts(world, { orderId: "5001" }));
  await world.work();
  world.clock.skip(23 * HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  world.clock.skip(HOUR_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "evidence_missing" });
  expect(await rulesOf(world)).toEqual(["evidence_missing"]);
});

test("replay finds every decision as it was stored, of one referral and of all", async () => {
  const world = await buildUseCases(db);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await convertedFriend(world, { cardUsed: DAN_CARD });
  const judgement = createJudgement(world);
  const { id } = await onlyReferral(world);
  const { shopId } = world;
  const all = await judgement.replay({ shopId });
  expect(all).toMatchObject({ differing: 0, unreadable: 0, odd: [] });
  expect(all.replayed).toBeGreaterThan(1);
  expect(await judgement.replay({ shopId, referralId: id })).toEqual(all);
  expect(await judgement.replay({ shopId, referralId: newId() })).toMatchObject({ replayed: 0 });
});

test("a back-test tells what other settings would have made of a referral, and saves nothing", async () => {
  const world = await buildUseCases(db);
  const judgement = createJudgement(world);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await convertedFriend(world, { cardUsed: DAN_CARD });
  const { id } = await onlyReferral(world);
  const { shopId } = world;
  const test = (screen: unknown, months = 6) => judgement.backTest({ shopId, screen, months });
  expect(await test({ same_card: { outcome: "block" } })).toMatchObject({
    outcome: "tested",
    isTruncated: false,
    tested: 1,
    blocked: 1,
    cases: [{ referralId: id, change: "blocked", was: { verdict: "hold", score: 70 } }],
  });
  expect(await test({ same_card: { outcome: "none", weight: 0 } })).toMatchObject({ released: 1 });
  expect(await test({})).toMatchObject({ tested: 1, cases: [] });
  expect(await test({ too_fast: { threshold: 86_401 } })).toMatchObject({
    outcome: "invalid",
    problems: [{ path: "screen.too_fast.threshold", code: "out_of_range" }],
  });
  world.clock.skip(3 * COOLING_OFF_MS);
  expect(await test({ same_card: { outcome: "block" } }, 1)).toMatchObject({ tested: 0 });
  expect(await test({ same_card: { outcome: "block" } }, 0.5)).toMatchObject({ tested: 0 });
});

test("two people may be tried before anything happens: picked, typed, or unknown", async () => {
  const world = await buildUseCases(db);
  const judgement = createJudgement(world);
  await mintCode(world);
  await buy(world, {
    customerId: DAN,
    orderId: "4001",
    email: "dan@shop.example",
    device: "3f2b8c1e-0000-4000-8000-000000000001",
  });
  await buy(world, {
    customerId: MARA,
    orderId: "4002",
    email: "mara@shop.example",
    device: "3f2b8c1e-0000-4000-8000-000000000001",
  });
  const { shop } = world;
  const [dan, mara] = [await personOf(world, DAN), await personOf(world, MARA)];
  if (dan === null || mara === null) throw new Error("both have bought");
  const known = await judgement.tryTwoPeople({ shop, referrer: { personId: dan }, friend: { personId: mara } });
  expect(known).toMatchObject({
    outcome: "tried",
    decision: { verdict: "hold" },
    referrerPerson: dan,
    friendPerson: mara,
  });
  if (known.outcome !== "tried") throw new Error("both are known");
  expect(known.rules).toHaveLength(RULE_IDS.length);
  expect(known.rules.filter(({ said }) => said === "fired").map(({ id }) => id)).toContain("same_device");
  const self = await judgement.tryTwoPeople({
    shop,
    referrer: { customerId: DAN },
    friend: { email: "Dan+new@shop.example" },
  });
  expect(self).toMatchObject({ outcome: "tried", decision: { verdict: "block" }, friendPerson: dan });
  const stranger = { email: "otto@else.example", phone: "+447946000000", address: HOME };
  const typed = await judgement.tryTwoPeople({
    shop,
    referrer: { email: "dan@shop.example", address: { ...HOME, address1: "12 High St" } },
    friend: stranger,
  });
  expect(typed).toMatchObject({
    outcome: "tried",
    decision: { verdict: "hold" },
    friendPerson: null,
    features: { addressEdits: 0 },
  });
  const nobody = { shop, referrer: { personId: dan } };
  expect(await judgement.tryTwoPeople({ ...nobody, friend: {} })).toEqual({ outcome: "nobody", who: "friend" });
  expect(await judgement.tryTwoPeople({ ...nobody, friend: { personId: newId() } })).toEqual({
    outcome: "not_found",
    who: "friend",
  });
  expect(await judgement.tryTwoPeople({ shop, referrer: { personId: "x" }, friend: stranger })).toEqual({
    outcome: "not_found",
    who: "referrer",
  });
});

test("the friends of a code that was taken off the block list are as welcome as anybody's", async () => {
  const world = await buildUseCases(db);
  const judgement = createJudgement(world);
  const code = await mintCode(world);
  const { shopId } = world;
  const by = { reason: "posted on a coupon site", actor: "42" };
  const added = await judgement.addToBlockList({ shopId, kind: "code", subject: code, ...by });
  if (added.outcome !== "added") throw new Error(added.outcome);
  const removal = { shopId, id: added.id, actor: "42" };
  expect(await judgement.removeFromBlockList(removal)).toEqual({ outcome: "removed" });
  expect(await judgement.blockList({ shopId })).toEqual([]);
  await bind(world, MARA, [tap(world, code)]);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", reason: null });
});
