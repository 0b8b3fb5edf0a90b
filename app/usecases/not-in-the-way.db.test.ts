import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { heldUp } from "#test/builders/held-up.ts";
import {
  buy,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  personOf,
  placeOrder,
} from "#test/builders/journeys.ts";
import { buildRewardingShop, rewardFriend, rewardsOf } from "#test/builders/rewarded.ts";
import { buildScriptedShopify } from "#test/builders/scripted-admin.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { fulfilCodes } from "./fulfil-codes.ts";
import { createStaffMeeting } from "./meet-staff.ts";
import { nameLink } from "./name-link.ts";
import { openByHand } from "./open-by-hand.ts";
import type { OpenByHandInput } from "./open-by-hand.ts";
import { blockReward, doubtReward } from "./reward-outcome.ts";
import { runChecks } from "./run-checks.ts";
import { saveTerms } from "./save-terms.ts";
import { setReviewRules } from "./set-review-rules.ts";
import { showPeople } from "./show-people.ts";
import { upkeep } from "./upkeep.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("of two people who want one name at once, one has it and the other is told that it is taken", async () => {
  const world = await buildUseCases(db);
  const people: string[] = [];
  for (const customer of [DAN, MARA]) {
    await mintCode(world, customer);
    people.push((await personOf(world, customer)) ?? "");
  }
  const ended = await heldUp(world.databaseUrl, "code_aliases", 2, () =>
    people.map((personId) => nameLink(world, { shopId: world.shopId, personId, name: "the-reeds", actor: "7001" })),
  );
  const results = ended.map((each) => (each.status === "fulfilled" ? each.value : each.reason));
  expect(results).toContainEqual({ outcome: "named", alias: "THE-REEDS" });
  expect(results).toContainEqual({ outcome: "refused", reason: "taken" });
});

test("a reward that was settled meanwhile is neither blocked nor doubted", async () => {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  const ref = { shopId: world.shopId, rewardId: referrer.id, reason: "late_answer", now: world.clock.now() };
  await inShop(world.pools, world.shopId, (tx) => blockReward(tx, ref));
  await inShop(world.pools, world.shopId, (tx) => doubtReward(tx, ref));
  expect((await rewardsOf(world)).map(({ status }) => status)).toEqual(["issued", "issued"]);
  expect(await world.query("SELECT FROM audit WHERE action IN ('reward.blocked', 'reward.unknown')")).toEqual([]);
  expect(await world.query("SELECT FROM cases")).toEqual([]);
});

test("of a shop that is gone no rewards are given together", async () => {
  const world = await buildUseCases(db);
  const row = { shopId: newId(), topic: "reward.fulfil", payload: {}, attempts: 1, externalId: null };
  const rows = [1, 2].map(() => ({ ...row, id: newId(), dedupeKey: `fulfil:${newId()}` }));
  expect(await fulfilCodes(world, row.shopId, rows)).toEqual(new Map());
});

test("terms of a shop that is not there are not saved; before Shopify told its currency they stay in their own", async () => {
  const world = await buildUseCases(db);
  const save = (shopId: string) => saveTerms(world, { shopId, patch: { window_days: 20 }, actor: "7001" });
  await expect(save(newId())).rejects.toMatchObject({ code: "shop_unknown" });
  await db.ownerPool.query("UPDATE shops SET currency = NULL, exponent = NULL WHERE id = $1", [world.shopId]);
  expect(await save(world.shopId)).toMatchObject({ outcome: "saved" });
});

test("a process that has met as many staff as it remembers forgets them, and notes the next ones again", async () => {
  const world = await buildUseCases(db);
  const meet = createStaffMeeting(world, 2);
  for (const subject of ["1", "2", "3", "1"]) await meet({ shopId: world.shopId, subject });
  expect(await world.query("SELECT FROM staff")).toHaveLength(3);
});

test("a shop that cannot be checked does not keep the others from being checked, and is told of at the end", async () => {
  const world = await buildUseCases(db);
  await buildUseCases(db);
  world.clock.skip(2 * DAY_MS);
  // Which shop comes first follows from its id: the one that the clock fails is the one without results.
  const sick = { ...world, metrics: createMetrics(), clock: failingFor(world) };
  await expect(runChecks(sick)).rejects.toThrow(AggregateError);
  const unseen =
    "SELECT FROM shops s WHERE NOT EXISTS (SELECT FROM check_results c WHERE c.shop_id = s.id AND c.at = $1)";
  expect((await db.ownerPool.query(unseen, [world.clock.now()])).rowCount).toBe(1);
});

/** A clock that stands still but for the first look at it, which fails. */
function failingFor(world: UseCases): UseCases["clock"] {
  let looks = 0;
  const now = (): Date => {
    looks += 1;
    if (looks === 1) throw new Error("no clock");
    return world.clock.now();
  };
  return { ...world.clock, now };
}

test("networks of orders are forgotten when their time is over, other signals stay, and keys are left as they are", async () => {
  const world = await buildUseCases(db);
  await mintCode(world, DAN, "11111111-2222-4333-8444-555555555555");
  await buy(world, { orderId: "5001", customerId: MARA, ipHash: "a".repeat(32) });
  const kinds = async () =>
    (
      await world.query<{ kind: string }>("SELECT kind FROM person_keys WHERE kind IN ('device', 'network') ORDER BY 1")
    ).map(({ kind }) => kind);
  expect(await kinds()).toEqual(["device", "network"]);
  const later = new Date(world.clock.now().getTime() + 800 * DAY_MS);
  await upkeep({ ...world, isRotating: false }, later);
  expect(await kinds()).toEqual(["device"]);
});

function byHand(world: UseCases, personId: string, changes: Partial<OpenByHandInput> = {}) {
  const asked = { orderId: "5001", reason: "She wrote to us", appeal: null, actor: "7001", ...changes };
  return openByHand(world, { shopId: world.shopId, personId, ...asked });
}

test("by hand nothing opens for a customer without a link, by staff who are not listed, or in a shop that is gone", async () => {
  const world = await buildUseCases(db);
  placeOrder(world, { orderId: "5001" });
  const meet = createStaffMeeting(world);
  for (const subject of ["7001", "7002"]) await meet({ shopId: world.shopId, subject });
  await setReviewRules(world, { shopId: world.shopId, listedOnly: true, listed: [], secondOver: null, actor: "7001" });
  expect(await byHand(world, newId(), { actor: "7002" })).toMatchObject({ outcome: "refused", why: /listed staff/ });
  expect(await byHand(world, newId())).toMatchObject({ outcome: "refused", why: /no active link/ });
  expect(await byHand({ ...world, shopId: newId() }, newId())).toEqual({ outcome: "unavailable" });
});

test("by hand an order brings its customer's e-mail address along, and one without is its customer's all the same", async () => {
  for (const email of ["mara@shop.example", null]) {
    const world = await buildUseCases(db);
    await mintCode(world);
    placeOrder(world, { orderId: "5001", admin: { email } });
    world.clock.skip(HOUR_MS);
    expect(await byHand(world, (await personOf(world, DAN)) ?? "")).toMatchObject({ outcome: "opened" });
    const mara = await personOf(world, MARA);
    const keys = await world.query("SELECT FROM person_keys WHERE person_id = $1 AND kind = 'email'", [mara]);
    expect(keys).toHaveLength(email === null ? 0 : 1);
  }
});

const ADDRESS = { address1: "1 Low Road", address2: null, city: " ", zip: "LS2", countryCode: "GB" };
const HOME = { firstName: "Mara", lastName: null, ...ADDRESS };
const MARA_SHOWN = { firstName: null, lastName: "", email: null, phone: null, address: HOME };

test("two people are shown with what the order tells where Shopify knows nothing of the customer, and without an order too", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world, { admin: { email: "mara@shop.example", phone: "+447946000002", card: null } });
  const input = { shopId: world.shopId, referralId: (await onlyReferral(world)).id };
  const order = world.shopify.orders.get("5001");
  if (order === undefined) throw new Error("the order was placed");
  const answers = {
    readOrder: () => Promise.resolve({ outcome: "ok", order } as const),
    readPerson: () => Promise.resolve({ outcome: "ok", person: MARA_SHOWN } as const),
    boughtWith: () => Promise.resolve({ outcome: "ok", cards: [], addresses: [] } as const),
  };
  const shown = await showPeople({ ...world, admin: buildScriptedShopify(answers) }, input);
  expect(shown).toMatchObject({ outcome: "shown" });
  expect(JSON.stringify(shown)).toContain("mara@shop.example");
  expect(JSON.stringify(shown)).toContain("1 Low Road");
  const bare = { ...answers, readOrder: () => Promise.resolve({ outcome: "not_found" } as const) };
  const less = await showPeople({ ...world, admin: buildScriptedShopify(bare) }, input);
  expect(JSON.stringify(less)).not.toContain("mara@shop.example");
  expect(await showPeople(world, { ...input, shopId: newId() })).toEqual({ outcome: "not_found" });
});

test.each(["readPerson", "boughtWith", "readOrder"] as const)(
  "two people are not shown by halves: without an answer to %s nobody is",
  async (call) => {
    const world = await buildUseCases(db);
    await convertedFriend(world);
    const input = { shopId: world.shopId, referralId: (await onlyReferral(world)).id };
    const answers = {
      readOrder: () => Promise.resolve({ outcome: "not_found" } as const),
      readPerson: () => Promise.resolve({ outcome: "ok", person: MARA_SHOWN } as const),
      boughtWith: () => Promise.resolve({ outcome: "ok", cards: [], addresses: [] } as const),
      [call]: () => Promise.resolve({ outcome: "throttled", retryAfterMs: 1 } as const),
    };
    expect(await showPeople({ ...world, admin: buildScriptedShopify(answers) }, input)).toEqual({
      outcome: "unavailable",
    });
  },
);

test("a referral that waits for its order is shown without one", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  await world.query(
    "UPDATE referrals SET qualifying_order = NULL, order_at = NULL, paid_at = NULL, eligible_at = NULL",
  );
  const input = { shopId: world.shopId, referralId: (await onlyReferral(world)).id };
  world.clock.skip(COOLING_OFF_MS);
  expect(await showPeople(world, input)).toMatchObject({ outcome: "shown" });
});
