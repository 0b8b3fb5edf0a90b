import { afterAll, expect, test } from "vitest";
import { installShop } from "#app/usecases/install-shop.ts";
import type { WorkVerdict } from "#app/usecases/ports.ts";
import { refillWelcome } from "#app/usecases/refill-welcome.ts";
import type { RefillDeps } from "#app/usecases/refill-welcome.ts";
import { POOL_FULL } from "#app/usecases/welcome-pool.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { deleteDiscount } from "#simulator/world/discounts.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const RUNS_MAX = 60;
const CALL_TIMEOUT_MS = 300;

async function buildInstalled() {
  simulator.simulator.faults.clear();
  const deps = buildShopifyDeps(db.pools, simulator, { callTimeoutMs: CALL_TIMEOUT_MS });
  const granted = await grantShop(deps, simulator);
  await installShop(deps, granted);
  return { deps, ...granted };
}

function run(deps: RefillDeps, shopId: string, attempts = 1): Promise<WorkVerdict> {
  const row = { shopId, id: shopId, topic: "welcome.refill", dedupeKey: "refill:1:0", payload: { termsVersion: 1 } };
  return refillWelcome(deps, { ...row, attempts, externalId: null });
}

/** Runs a row as the drain would, until it says something other than "again". Waits are skipped, parents age. */
async function runToEnd(deps: RefillDeps, shopId: string): Promise<WorkVerdict> {
  let nowMs = Date.now();
  for (let attempts = 1; attempts <= RUNS_MAX; attempts += 1) {
    const clock = { now: () => new Date(nowMs) };
    const verdict = await run({ ...deps, clock }, shopId, attempts);
    if (verdict.outcome !== "again") return verdict;
    nowMs = Math.max(nowMs, verdict.at.getTime());
  }
  throw new Error("the row did not end");
}

/** Leaves one code in the pool. */
async function takeAllButOne(shopId: string): Promise<void> {
  const sql = `UPDATE welcome_codes SET state = 'expired' WHERE shop_id = $1
      AND code <> (SELECT max(code) FROM welcome_codes WHERE shop_id = $1)`;
  await db.ownerPool.query(sql, [shopId]);
}

type Held = Awaited<ReturnType<typeof buildInstalled>>;

/** The shop holds one discount with exactly the codes of the pool, all of them free, and the pool is full. */
async function expectFullPool({ shop, shopId }: Pick<Held, "shop" | "shopId">): Promise<void> {
  const sql = "SELECT code, state FROM welcome_codes WHERE shop_id = $1 ORDER BY code";
  const pool = (await db.ownerPool.query<{ code: string; state: string }>(sql, [shopId])).rows;
  expect(new Set(pool.map(({ state }) => state))).toEqual(new Set(["pooled"]));
  const [discount, ...others] = [...shop.discounts.values()];
  expect(others).toEqual([]);
  const codes = [...(discount?.codes.values() ?? [])].map(({ code }) => code);
  expect(codes.toSorted()).toEqual(pool.map(({ code }) => code));
  expect(codes).toHaveLength(POOL_FULL);
}

test("a refill makes the pool's codes under one discount: single use, once a customer, without an end", async () => {
  const world = await buildInstalled();
  expect(await run(world.deps, world.shopId)).toEqual({ outcome: "done" });
  await expectFullPool(world);
  const [discount] = [...world.shop.discounts.values()];
  expect(discount).toMatchObject({
    value: { kind: "amount", amountMinor: 1000n },
    usageLimit: 1,
    appliesOncePerCustomer: true,
    endsAt: null,
  });
});

test("a refill that runs twice, and four at once, make no code too many", async () => {
  const world = await buildInstalled();
  await Promise.all(Array.from({ length: 4 }, () => runToEnd(world.deps, world.shopId)));
  await runToEnd(world.deps, world.shopId);
  await expectFullPool(world);
});

test("refills at once of a pool that ran low write down what is missing once", async () => {
  const world = await buildInstalled();
  await run(world.deps, world.shopId);
  await takeAllButOne(world.shopId);
  await Promise.all(Array.from({ length: 6 }, () => runToEnd(world.deps, world.shopId)));
  const pool = await db.ownerPool.query("SELECT 1 FROM welcome_codes WHERE shop_id = $1 AND state = 'pooled'", [
    world.shopId,
  ]);
  expect(pool.rowCount).toBe(POOL_FULL);
});

test.each([
  ["the discount's creation times out after it was applied", "graphql:discountCodeBasicCreate", "timeout_after_apply"],
  ["adding the codes times out after it was applied", "graphql:discountRedeemCodeBulkAdd", "timeout_after_apply"],
  ["the discount's creation fails with a 5xx", "graphql:discountCodeBasicCreate", "5xx"],
  ["the connection is reset", "graphql", "reset"],
  ["Shopify throttles", "graphql", "throttled"],
  ["looking for a code fails", "graphql:codeDiscountNodeByCode", "5xx"],
] as const)("the pool is full, and no code is unknown, when %s", async (_what, route, kind) => {
  const world = await buildInstalled();
  simulator.simulator.faults.add({ route, kind, count: 3, ms: CALL_TIMEOUT_MS * 2 });
  expect(await runToEnd(world.deps, world.shopId)).toEqual({ outcome: "done" });
  await expectFullPool(world);
});

test("a pool whose discount was deleted by the merchant is filled under another, its old codes given to nobody", async () => {
  const world = await buildInstalled();
  await run(world.deps, world.shopId);
  const [first] = [...world.shop.discounts.values()];
  if (first !== undefined) deleteDiscount(simulator.world, world.shop, first);
  await takeAllButOne(world.shopId);
  expect(await runToEnd(world.deps, world.shopId)).toEqual({ outcome: "done" });
  const sql = "SELECT code FROM welcome_codes WHERE shop_id = $1 AND state = 'pooled' ORDER BY code";
  const pooled = (await db.ownerPool.query<{ code: string }>(sql, [world.shopId])).rows.map(({ code }) => code);
  const [second] = [...world.shop.discounts.values()];
  expect([...(second?.codes.values() ?? [])].map(({ code }) => code).toSorted()).toEqual(pooled);
  expect(pooled).toHaveLength(POOL_FULL);
});

test("codes are given out only once the shop has them", async () => {
  const world = await buildInstalled();
  simulator.simulator.faults.add({ route: "graphql:discountRedeemCodeBulkAdd", kind: "5xx", count: 20 });
  expect(await run(world.deps, world.shopId)).toMatchObject({ outcome: "again" });
  const states = await db.ownerPool.query(
    "SELECT state, count(*)::int AS codes FROM welcome_codes WHERE shop_id = $1 GROUP BY 1 ORDER BY 1",
    [world.shopId],
  );
  expect(states.rows).toEqual([
    { state: "minting", codes: POOL_FULL - 1 },
    { state: "pooled", codes: 1 },
  ]);
});

test("a shop that refuses is asked again later, and says so once in the record", async () => {
  const world = await buildInstalled();
  const { installation } = world.shop;
  for (const [token, access] of installation?.accessTokens.entries() ?? [])
    installation?.accessTokens.set(token, { ...access, scopes: ["read_discounts"] });
  for (const attempts of [1, 2])
    expect(await run(world.deps, world.shopId, attempts)).toMatchObject({ outcome: "again", reason: "ACCESS_DENIED" });
  const entries = await db.ownerPool.query(
    "SELECT detail FROM audit WHERE shop_id = $1 AND action = 'welcome.blocked'",
    [world.shopId],
  );
  expect(entries.rows).toEqual([{ detail: { reason: "ACCESS_DENIED" } }]);
});

test("codes are taken away one by one, and again without trouble; the others stay", async () => {
  const world = await buildInstalled();
  await run(world.deps, world.shopId);
  const [discount] = [...world.shop.discounts.values()];
  const [first, second] = [...(discount?.codes.values() ?? [])].map(({ code }) => code);
  const admin = world.deps.admin.forShop(world.shopId, world.domain);
  const gone = [first ?? "", second ?? ""];
  const discountId = `gid://shopify/DiscountCodeNode/${discount?.id ?? ""}`;
  expect(await admin.withdrawCodes(discountId, gone)).toEqual({ outcome: "ok" });
  await expect.poll(() => discount?.codes.size).toBe(POOL_FULL - 2);
  expect(await admin.withdrawCodes(discountId, gone)).toEqual({ outcome: "ok" });
  expect(await admin.withdrawCodes("gid://shopify/DiscountCodeNode/1", gone)).toEqual({ outcome: "ok" });
  simulator.simulator.faults.add({ route: "graphql", kind: "5xx", count: 20 });
  expect(await admin.withdrawCodes(discountId, gone)).toMatchObject({ outcome: "unavailable" });
});
