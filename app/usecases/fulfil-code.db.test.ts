import { afterAll, expect, test } from "vitest";
import { saveShopFacts, saveUsageLimitCounts } from "#app/data/shops.repo.ts";
import { STATEMENTS } from "#app/data/statements.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import { fulfilToEnd, rewardRows, runFulfil } from "#test/builders/credit-shops.ts";
import { earnRewards } from "#test/builders/earned-rewards.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { insertCase } from "#test/harness/world.ts";
import { deleteDiscount } from "#simulator/world/discounts.ts";
import type { Shop } from "#simulator/world/types.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

async function build(pairs = 1, terms = {}) {
  const deps = buildShopifyDeps(db.pools, simulator);
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const { shopId } = granted;
  const earned = [];
  for (let pair = 0; pair < pairs; pair += 1) earned.push(await earnRewards(db.pools, shopId, terms));
  return { deps, ...granted, earned, rewardIds: earned.map(({ referrer }) => referrer.rewardId) };
}

type World = Awaited<ReturnType<typeof build>>;

function codesIn(shop: Shop): string[] {
  return [...shop.discounts.values()].flatMap((discount) => [...discount.codes.values()].map(({ code }) => code));
}

async function statusOf(world: World, rewardId: string) {
  return (await rewardRows(db, world.shopId)).find(({ id }) => id === rewardId);
}

/** A reward that a person gave: goodwill of this worth to the referrer of the first pair. */
async function giveGoodwill(world: World, amountMinor: bigint): Promise<string> {
  const personId = world.earned[0]?.referrer.personId ?? "";
  const rewardId = newId();
  await inShop(db.pools, world.shopId, async (tx) => {
    const caseId = await insertCase(tx, { shopId: world.shopId, kind: "appeal", personId });
    const values = [world.shopId, "goodwill", caseId, personId, "GBP", amountMinor, newId(), rewardId];
    await tx.query(STATEMENTS.grantReward, [...values, null, null, 1, newId(), new Date()]);
  });
  return rewardId;
}

test("a discount that the merchant deleted takes its codes with it, and later codes of the week go under a new one", async () => {
  const world = await build(4);
  const [first = "", second = "", third = "", fourth = ""] = world.rewardIds;
  await fulfilToEnd(world.deps, world.shopId, first);
  await fulfilToEnd(world.deps, world.shopId, second);
  const issued = [await statusOf(world, first), await statusOf(world, second)];
  const [discount] = world.shop.discounts.values();
  if (discount === undefined) throw new Error("the first reward made a discount");
  deleteDiscount(simulator.world, world.shop, discount);
  for (const rewardId of [third, fourth])
    expect(await fulfilToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  const rewards = [await statusOf(world, third), await statusOf(world, fourth)];
  expect(codesIn(world.shop).toSorted()).toEqual(rewards.map((reward) => String(reward?.code)).toSorted());
  expect(world.shop.discounts.size).toBe(1);
  expect([...world.shop.discounts.values()][0]?.title).toMatch(/\(2\)$/);
  // Nobody gets a second code for what was issued before.
  expect(await fulfilToEnd(world.deps, world.shopId, first)).toEqual({ outcome: "done" });
  expect([await statusOf(world, first), await statusOf(world, second)]).toEqual(issued);
  const parents = await db.ownerPool.query(
    "SELECT part, state FROM discount_parents WHERE shop_id = $1 ORDER BY part",
    [world.shopId],
  );
  expect(parents.rows).toEqual([
    { part: 1, state: "gone" },
    { part: 2, state: "ready" },
  ]);
});

test("of many rewards that meet a deleted discount at once each has one code, under one new discount", async () => {
  const world = await build(5);
  const [first = "", ...others] = world.rewardIds;
  await fulfilToEnd(world.deps, world.shopId, first);
  for (const discount of world.shop.discounts.values()) deleteDiscount(simulator.world, world.shop, discount);
  const runs = [...others, ...others].map((rewardId) => fulfilToEnd(world.deps, world.shopId, rewardId));
  for (const verdict of await Promise.all(runs)) expect(verdict.outcome).toBe("done");
  expect(new Set(codesIn(world.shop)).size).toBe(4);
  expect(codesIn(world.shop)).toHaveLength(4);
  expect(world.shop.discounts.size).toBe(1);
});

test("where a discount's limit counts for all its codes, every reward has a discount to itself", async () => {
  const world = await build(3);
  await inShop(db.pools, world.shopId, (tx) => saveUsageLimitCounts(tx, world.shopId, "discount"));
  const runs = [...world.rewardIds, ...world.rewardIds].map((id) => fulfilToEnd(world.deps, world.shopId, id));
  for (const verdict of await Promise.all(runs)) expect(verdict.outcome).toBe("done");
  expect([...world.shop.discounts.values()].map((discount) => discount.codes.size)).toEqual([1, 1, 1]);
  expect(codesIn(world.shop).toSorted()).toEqual(
    (await rewardRows(db, world.shopId)).flatMap(({ code }) => code ?? []).toSorted(),
  );
});

test("goodwill that no referral earned is an amount off of its own worth", async () => {
  const world = await build();
  const rewardId = await giveGoodwill(world, 250n);
  expect(await fulfilToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  const [discount] = world.shop.discounts.values();
  expect(discount?.value).toEqual({ kind: "amount", amountMinor: 250n, onEachItem: false });
  expect(await statusOf(world, rewardId)).toMatchObject({ status: "issued", form: "code", remaining: 250 });
});

test("goodwill of the usual worth shares the week's discount with what was earned", async () => {
  const world = await build();
  const [earned = ""] = world.rewardIds;
  const rewardId = await giveGoodwill(world, 1000n);
  for (const id of [earned, rewardId]) await fulfilToEnd(world.deps, world.shopId, id);
  expect([...world.shop.discounts.values()].map((discount) => discount.codes.size)).toEqual([2]);
});

test("money is not given in another currency than it is owed in: the reward is blocked and stays owed", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  const facts = { name: "FreshBox", timezone: "Asia/Tokyo", primaryDomain: "x.example", domains: ["x.example"] };
  const row = { ...facts, primaryOrigin: "https://x.example", currency: "JPY", exponent: 0 };
  await inShop(db.pools, world.shopId, (tx) => saveShopFacts(tx, world.shopId, row));
  world.deps.shops.forget(world.shopId);
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toEqual({ outcome: "dead", reason: "currency_changed" });
  expect(await statusOf(world, rewardId)).toMatchObject({ status: "blocked", remaining: 1000 });
  expect(world.shop.discounts.size).toBe(0);
});
