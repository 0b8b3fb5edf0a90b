import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { rewardCodeFromMac } from "#app/domain/reward/reward-code.ts";
import { fulfilReward } from "#app/usecases/fulfil-reward.ts";
import type { FulfilDeps } from "#app/usecases/fulfil-reward.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import type { WorkVerdict } from "#app/usecases/ports.ts";
import { earnRewards } from "#test/builders/earned-rewards.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createDiscount } from "#simulator/world/discounts.ts";
import type { Shop } from "#simulator/world/types.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const RUNS_MAX = 60;
const CALL_TIMEOUT_MS = 300;

/** An installed shop with `pairs` paid referrals, two owed rewards each. */
async function buildOwed(pairs = 1) {
  simulator.simulator.faults.clear();
  const deps = buildShopifyDeps(db.pools, simulator, { callTimeoutMs: CALL_TIMEOUT_MS });
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  const earned = [];
  for (let pair = 0; pair < pairs; pair += 1) earned.push(await earnRewards(db.pools, granted.shopId));
  return {
    deps,
    ...granted,
    earned,
    rewardIds: earned.flatMap((pair) => [pair.referrer.rewardId, pair.friend.rewardId]),
  };
}

function run(deps: FulfilDeps, shopId: string, rewardId: string, attempts = 1): Promise<WorkVerdict> {
  const row = { shopId, id: rewardId, topic: "reward.fulfil", dedupeKey: `fulfil:${rewardId}`, payload: {} };
  return fulfilReward(deps, { ...row, attempts, externalId: null });
}

/** Runs a row as the drain would, until it says something other than "again". Waits are skipped, parents age. */
async function runToEnd(deps: FulfilDeps, shopId: string, rewardId: string): Promise<WorkVerdict> {
  let nowMs = Date.now();
  for (let attempts = 1; attempts <= RUNS_MAX; attempts += 1) {
    const clock = { now: () => new Date(nowMs) };
    const verdict = await run({ ...deps, clock }, shopId, rewardId, attempts);
    if (verdict.outcome !== "again") return verdict;
    nowMs = Math.max(nowMs, verdict.at.getTime());
  }
  throw new Error("the row did not end");
}

function codesIn(shop: Shop): string[] {
  return [...shop.discounts.values()].flatMap((discount) => [...discount.codes.values()].map(({ code }) => code));
}

async function rewardsOf(
  shopId: string,
): Promise<{ status: string; code: string; external_id: string; expires_at: Date }[]> {
  const sql = "SELECT status, code, external_id, expires_at FROM rewards WHERE shop_id = $1 ORDER BY id";
  return (await db.ownerPool.query(sql, [shopId])).rows;
}

/** The shop has exactly the codes that the rewards carry, one each, and every reward is issued. */
async function expectOneCodeEach(world: { shop: Shop; shopId: string; rewardIds: string[] }): Promise<void> {
  const rewards = await rewardsOf(world.shopId);
  expect(rewards.map((reward) => reward.status)).toEqual(world.rewardIds.map(() => "issued"));
  expect(codesIn(world.shop).toSorted()).toEqual(rewards.map((reward) => reward.code).toSorted());
}

test("each side's reward becomes one code under its own discount, with the amount that is owed", async () => {
  const world = await buildOwed();
  for (const rewardId of world.rewardIds)
    expect(await runToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  await expectOneCodeEach(world);
  const discounts = [...world.shop.discounts.values()];
  expect(discounts.map((discount) => discount.value)).toEqual([
    { kind: "amount", amountMinor: 1000n, onEachItem: false },
    { kind: "amount", amountMinor: 1000n, onEachItem: false },
  ]);
  expect(discounts.map((discount) => discount.usageLimit)).toEqual([1, 1]);
  const [reward] = await rewardsOf(world.shopId);
  expect(discounts[0]?.endsAt).toEqual(reward?.expires_at);
  expect(reward?.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
});

test("rewards of one side and week share a discount, whose first code is the first reward's", async () => {
  const world = await buildOwed(4);
  for (const rewardId of world.rewardIds) await runToEnd(world.deps, world.shopId, rewardId);
  await expectOneCodeEach(world);
  expect([...world.shop.discounts.values()].map((discount) => discount.codes.size)).toEqual([4, 4]);
});

test("all rows at once, each of them twice, still make one code each", async () => {
  const world = await buildOwed(4);
  const runs = [...world.rewardIds, ...world.rewardIds].map((rewardId) => runToEnd(world.deps, world.shopId, rewardId));
  for (const verdict of await Promise.all(runs)) expect(verdict.outcome).toBe("done");
  await expectOneCodeEach(world);
});

test("an issued reward queues the end of its code once, 26 hours after the code ends", async () => {
  const world = await buildOwed();
  const [rewardId = ""] = world.rewardIds;
  await runToEnd(world.deps, world.shopId, rewardId);
  await run(world.deps, world.shopId, rewardId);
  const planned = await db.ownerPool.query(
    `SELECT o.dedupe_key, o.next_at - w.expires_at = interval '26 hours' AS in_time
       FROM outbox o JOIN rewards w ON w.shop_id = o.shop_id AND w.id = $2 WHERE o.shop_id = $1 AND o.topic = 'reward.expire'`,
    [world.shopId, rewardId],
  );
  expect(planned.rows).toEqual([{ dedupe_key: `expire-reward:${rewardId}`, in_time: true }]);
});

test("an issued reward queues its note once and rings, and a second run changes nothing", async () => {
  const world = await buildOwed();
  const [rewardId = ""] = world.rewardIds;
  await runToEnd(world.deps, world.shopId, rewardId);
  expect(await run(world.deps, world.shopId, rewardId)).toEqual({ outcome: "done" });
  const notes = await db.ownerPool.query("SELECT dedupe_key FROM outbox WHERE shop_id = $1 AND topic = 'note.send'", [
    world.shopId,
  ]);
  expect(notes.rows).toEqual([{ dedupe_key: `note:${rewardId}` }]);
  expect(world.deps.rung.filter((bell) => bell === `outbox ${world.shopId}`)).toHaveLength(3);
});

test.each([
  ["the discount's creation times out after it was applied", "graphql:discountCodeBasicCreate", "timeout_after_apply"],
  ["adding the code times out after it was applied", "graphql:discountRedeemCodeBulkAdd", "timeout_after_apply"],
  ["the discount's creation fails with a 5xx", "graphql:discountCodeBasicCreate", "5xx"],
  ["adding the code fails with a 5xx", "graphql:discountRedeemCodeBulkAdd", "5xx"],
  ["the connection is reset", "graphql", "reset"],
  ["Shopify throttles", "graphql", "throttled"],
  ["Shopify answers 429", "graphql", "429"],
  ["looking for the code fails", "graphql:codeDiscountNodeByCode", "5xx"],
] as const)("one code each when %s", async (_what, route, kind) => {
  const world = await buildOwed(2);
  simulator.simulator.faults.add({ route, kind, count: 3, ms: CALL_TIMEOUT_MS * 2 });
  for (const rewardId of world.rewardIds) {
    expect(await runToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  }
  await expectOneCodeEach(world);
});

test("one code each when a third of all calls is lost after being applied", async () => {
  const world = await buildOwed(3);
  simulator.simulator.faults.add({
    route: "graphql",
    kind: "timeout_after_apply",
    rate: 0.34,
    count: 20,
    ms: CALL_TIMEOUT_MS * 2,
  });
  await Promise.all(world.rewardIds.map((rewardId) => runToEnd(world.deps, world.shopId, rewardId)));
  await expectOneCodeEach(world);
});

test("a refusal for good blocks the reward, keeps it owed, says so once, and a later run makes it good", async () => {
  const world = await buildOwed();
  const [rewardId = ""] = world.rewardIds;
  const { installation } = world.shop;
  const tokens = [...(installation?.accessTokens.entries() ?? [])];
  for (const [token, access] of tokens)
    installation?.accessTokens.set(token, { ...access, scopes: ["read_discounts"] });
  expect(await run(world.deps, world.shopId, rewardId)).toEqual({ outcome: "dead", reason: "ACCESS_DENIED" });
  const [reward] = (await db.ownerPool.query("SELECT status, remaining FROM rewards WHERE id = $1", [rewardId])).rows;
  expect(reward).toEqual({ status: "blocked", remaining: "1000" });
  const entries = await db.ownerPool.query(
    "SELECT detail FROM audit WHERE shop_id = $1 AND action = 'reward.blocked'",
    [world.shopId],
  );
  expect(entries.rows).toEqual([{ detail: { reason: "ACCESS_DENIED" } }]);
  for (const [token, access] of tokens) installation?.accessTokens.set(token, access);
  expect(await runToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
});

test("a code that the shop's owner made first is not adopted", async () => {
  const world = await buildOwed();
  const [rewardId = ""] = world.rewardIds;
  const known = await world.deps.shops.byId(world.shopId);
  const code = rewardCodeFromMac(known?.keyring.rewardCodeMac(rewardId, 0) ?? new Uint8Array());
  const value = { kind: "percentage", basisPoints: 5000 } as const;
  createDiscount(simulator.world, world.shop, { title: "The owner's", code, value });
  expect(await runToEnd(world.deps, world.shopId, rewardId)).toEqual({
    outcome: "dead",
    reason: "CODE_OF_ANOTHER_DISCOUNT",
  });
  expect(codesIn(world.shop)).toEqual([code]);
});

test("a shop that removed the app keeps its rewards owed, and the row rests", async () => {
  const world = await buildOwed();
  const [rewardId = ""] = world.rewardIds;
  world.shop.installation?.accessTokens.clear();
  world.shop.installation?.refreshTokens.clear();
  expect(await run(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "again", reason: "unauthorised" });
  expect(codesIn(world.shop)).toEqual([]);
});

test("a row that names no reward is given up", async () => {
  const world = await buildOwed();
  const row = {
    shopId: world.shopId,
    id: "x",
    topic: "reward.fulfil",
    dedupeKey: "fulfil:nobody",
    payload: {},
    attempts: 1,
    externalId: null,
  };
  expect(await fulfilReward(world.deps, row)).toEqual({ outcome: "dead", reason: "no_reward_named" });
});

test("the code is written down before anything is sent", async () => {
  const world = await buildOwed();
  const [rewardId = ""] = world.rewardIds;
  simulator.simulator.faults.add({ route: "graphql", kind: "reset", count: 1 });
  await run(world.deps, world.shopId, rewardId);
  const rows = await inShop(db.pools, world.shopId, (tx) =>
    tx.query("SELECT status, code IS NOT NULL AS written FROM rewards WHERE shop_id = $1 AND id = $2", [
      world.shopId,
      rewardId,
    ]),
  );
  expect(rows).toEqual([{ status: "sending", written: true }]);
});
