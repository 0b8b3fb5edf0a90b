import { afterAll, expect, test } from "vitest";
import { saveUsageLimitCounts } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { fulfilCodes } from "#app/usecases/fulfil-codes.ts";
import type { FulfilDeps } from "#app/usecases/fulfil-reward.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import type { OutboxWork } from "#app/usecases/ports.ts";
import { fulfilToEnd, rewardRows } from "#test/builders/credit-shops.ts";
import { earnRewards } from "#test/builders/earned-rewards.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createDiscount, deleteDiscount } from "#simulator/world/discounts.ts";
import type { Shop } from "#simulator/world/types.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const CALL_TIMEOUT_MS = 300;
const RUNS_MAX = 40;

async function build(pairs: number) {
  simulator.simulator.faults.clear();
  const deps = buildShopifyDeps(db.pools, simulator, { callTimeoutMs: CALL_TIMEOUT_MS });
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const earned = [];
  for (let pair = 0; pair < pairs; pair += 1) earned.push(await earnRewards(db.pools, granted.shopId));
  const rewardIds = earned.flatMap(({ referrer, friend }) => [referrer.rewardId, friend.rewardId]);
  return { deps, ...granted, rewardIds, rows: rewardIds.map((id) => rowOf(granted.shopId, id)) };
}

type World = Awaited<ReturnType<typeof build>>;

function rowOf(shopId: string, rewardId: string): OutboxWork {
  const row = { shopId, id: rewardId, topic: "reward.fulfil", dedupeKey: `fulfil:${rewardId}`, payload: {} };
  return { ...row, attempts: 1, externalId: null };
}

/** Runs batches as the drain would, until no row is left that is to come again. @returns the rows that were left out */
async function toEnd(deps: FulfilDeps, world: World): Promise<OutboxWork[]> {
  let nowMs = Date.now();
  let open = world.rows;
  const leftOut: OutboxWork[] = [];
  for (let attempts = 1; open.length > 0 && attempts <= RUNS_MAX; attempts += 1) {
    const clock = { now: () => new Date(nowMs) };
    const verdicts = await fulfilCodes({ ...deps, clock }, world.shopId, open);
    leftOut.push(...open.filter(({ id }) => !verdicts.has(id)));
    const again = open.filter(({ id }) => verdicts.get(id)?.outcome === "again");
    for (const verdict of verdicts.values())
      if (verdict.outcome === "again") nowMs = Math.max(nowMs, verdict.at.getTime());
    open = again.map((row) => ({ ...row, attempts: attempts + 1 }));
  }
  return leftOut;
}

function codesIn(shop: Shop): string[] {
  return [...shop.discounts.values()].flatMap((discount) => [...discount.codes.values()].map(({ code }) => code));
}

/** The shop has exactly the codes that the rewards carry, and each issued reward has one note and one planned end. */
async function expectOneEach(world: World): Promise<void> {
  const rewards = await rewardRows(db, world.shopId);
  expect(rewards.map(({ status }) => status)).toEqual(world.rewardIds.map(() => "issued"));
  expect(codesIn(world.shop).toSorted()).toEqual(rewards.map(({ code }) => String(code)).toSorted());
  const after = await db.ownerPool.query(
    `SELECT (SELECT count(*) FROM notes WHERE shop_id = $1)::int AS notes,
            (SELECT count(*) FROM outbox WHERE shop_id = $1 AND topic = 'note.send')::int AS sends,
            (SELECT count(*) FROM outbox WHERE shop_id = $1 AND topic = 'reward.expire')::int AS ends,
            (SELECT count(*) FROM audit WHERE shop_id = $1 AND action = 'reward.issued')::int AS entries,
            (SELECT sum(codes_count) FROM discount_parents WHERE shop_id = $1 AND kind = 'reward')::int AS counted`,
    [world.shopId],
  );
  const each = world.rewardIds.length;
  expect(after.rows).toEqual([{ notes: each, sends: each, ends: each, entries: each, counted: each }]);
}

function callsOf(world: World): number {
  return world.deps.posts.filter((path) => path.endsWith("/graphql.json")).length;
}

test("twelve rewards of two sides are codes under two discounts, with a handful of calls", async () => {
  const world = await build(6);
  const before = callsOf(world);
  const verdicts = await fulfilCodes(world.deps, world.shopId, world.rows);
  expect([...verdicts.values()].map(({ outcome }) => outcome)).toEqual(world.rows.map(() => "done"));
  await expectOneEach(world);
  expect([...world.shop.discounts.values()].map((discount) => discount.codes.size)).toEqual([6, 6]);
  // For each discount: make it, add the other five codes, ask once or twice whether they are there.
  expect(callsOf(world) - before).toBeLessThanOrEqual(10);
});

test("batches that run twice at once, beside single runs, still make one code each", async () => {
  const world = await build(4);
  const single = world.rewardIds.map((id) => fulfilToEnd(world.deps, world.shopId, id));
  const [leftOut] = await Promise.all([toEnd(world.deps, world), toEnd(world.deps, world), ...single]);
  for (const { id } of leftOut) await fulfilToEnd(world.deps, world.shopId, id);
  await expectOneEach(world);
});

test.each([
  ["the discount's creation times out after it was applied", "graphql:discountCodeBasicCreate", "timeout_after_apply"],
  ["adding the codes times out after it was applied", "graphql:discountRedeemCodeBulkAdd", "timeout_after_apply"],
  ["adding the codes fails with a 5xx", "graphql:discountRedeemCodeBulkAdd", "5xx"],
  ["Shopify throttles", "graphql", "throttled"],
  ["asking how far it has come fails", "graphql:discountRedeemCodeBulkCreation", "5xx"],
] as const)("one code each when %s", async (_what, route, kind) => {
  const world = await build(3);
  simulator.simulator.faults.add({ route, kind, count: 3, ms: CALL_TIMEOUT_MS * 2 });
  const leftOut = await toEnd(world.deps, world);
  for (const { id } of leftOut) await fulfilToEnd(world.deps, world.shopId, id);
  await expectOneEach(world);
});

test("codes of a discount that the merchant deleted meanwhile go under a new one", async () => {
  const world = await build(3);
  const [first = "", ...others] = world.rewardIds;
  await fulfilToEnd(world.deps, world.shopId, first);
  for (const discount of world.shop.discounts.values()) deleteDiscount(simulator.world, world.shop, discount);
  expect(await toEnd(world.deps, { ...world, rows: others.map((id) => rowOf(world.shopId, id)) })).toEqual([]);
  const codes = (await rewardRows(db, world.shopId)).filter(({ id }) => id !== first).map(({ code }) => String(code));
  expect(codesIn(world.shop).toSorted()).toEqual(codes.toSorted());
});

test("a code that the shop's owner made first is left to its own run, and the others are issued", async () => {
  const world = await build(3);
  const [, , third = ""] = world.rewardIds;
  simulator.simulator.faults.add({ route: "graphql:discountRedeemCodeBulkAdd", kind: "5xx", count: 2 });
  await fulfilCodes(world.deps, world.shopId, world.rows);
  const reward = (await rewardRows(db, world.shopId)).find(({ id }) => id === third);
  const value = { kind: "percentage", basisPoints: 5000 } as const;
  createDiscount(simulator.world, world.shop, { title: "The owner's", code: String(reward?.code), value });
  // The first of each side made its discount already.
  expect((await toEnd(world.deps, { ...world, rows: world.rows.slice(2) })).map(({ id }) => id)).toEqual([third]);
  const statuses = (await rewardRows(db, world.shopId)).map(({ id, status }) => (id === third ? "" : status));
  expect(new Set(statuses)).toEqual(new Set(["", "issued"]));
  expect(await fulfilToEnd(world.deps, world.shopId, third)).toEqual({
    outcome: "dead",
    reason: "CODE_OF_ANOTHER_DISCOUNT",
  });
});

test("where a discount's limit counts for all its codes, every reward is left to its own run", async () => {
  const world = await build(2);
  await inShop(db.pools, world.shopId, (tx) => saveUsageLimitCounts(tx, world.shopId, "discount"));
  expect(await fulfilCodes(world.deps, world.shopId, world.rows)).toEqual(new Map());
  expect((await rewardRows(db, world.shopId)).map(({ status }) => status)).toEqual(world.rows.map(() => "owed"));
});

test("every code is written down before anything is sent", async () => {
  const world = await build(2);
  simulator.simulator.faults.add({ route: "graphql", kind: "reset", count: 6 });
  await fulfilCodes(world.deps, world.shopId, world.rows);
  const rewards = await rewardRows(db, world.shopId);
  expect(rewards.map(({ status, code }) => [status, code !== null])).toEqual(rewards.map(() => ["sending", true]));
});
