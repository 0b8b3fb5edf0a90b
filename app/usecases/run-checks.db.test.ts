import { afterAll, expect, test } from "vitest";
import { CHECK_NAMES, FOLD_CHECK } from "#app/data/checks.repo.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { issueReward } from "#test/builders/issued-rewards.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { pausePayouts } from "./pause-payouts.ts";
import { checkShop, runChecks } from "./run-checks.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Does to a row what no statement of the application can: the owner sets the guards aside. */
async function tamper(sql: string, values: readonly unknown[]): Promise<void> {
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    await client.query(sql, [...values]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

const LOSE_A_PENNY = "UPDATE rewards SET remaining = remaining - 1 WHERE shop_id = $1 AND id = $2";

async function checkedWorld() {
  const world = await buildUseCases(db);
  const { rewardId } = await issueReward(world);
  const deps = { ...world, metrics: createMetrics() };
  await world.work();
  return { world, rewardId, deps, check: (full = false) => checkShop(deps, { shopId: world.shopId, full }) };
}

const pausedOf = async (world: UseCases): Promise<string | null> =>
  (await world.query<{ paused: string | null }>("SELECT payouts_paused AS paused FROM shops"))[0]?.paused ?? null;

test("the list of checks is the database's", async () => {
  const { rows } = await db.ownerPool.query<{ name: string }>(
    "SELECT relname::text AS name FROM pg_class WHERE relkind = 'v' AND relname LIKE 'check\\_%' AND relnamespace = 'public'::regnamespace",
  );
  expect(CHECK_NAMES.toSorted()).toEqual([...rows.map(({ name }) => name), FOLD_CHECK].toSorted());
});

test("a shop in order is clean in every check, with a watermark, and keeps one row a check", async () => {
  const { world, check } = await checkedWorld();
  for (let run = 0; run < 3; run += 1) {
    expect((await check(true)).filter(({ findings }) => findings > 0)).toEqual([]);
    world.clock.skip(60_000);
  }
  const kept = await world.query<{ name: string; watermark: Date | null }>(
    "SELECT check_name AS name, watermark FROM check_results WHERE check_name <> 'check_discounts' ORDER BY 1",
  );
  expect(kept.map(({ name }) => name)).toEqual(CHECK_NAMES.toSorted());
  expect(kept.every(({ watermark }) => watermark !== null)).toBe(true);
  expect(await pausedOf(world)).toBeNull();
});

test("a finding about money pauses the shop with its name, on the record, and shows on /metrics", async () => {
  const { world, rewardId, deps } = await checkedWorld();
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  expect(await runChecks(deps)).toBeGreaterThanOrEqual(2);
  expect(await pausedOf(world)).toBe("check_failed:check_liability");
  expect(await world.query("SELECT actor, detail FROM audit WHERE action = 'payouts.paused'")).toEqual([
    { actor: "worker", detail: { reason: "check_failed:check_liability", findings: 1 } },
  ]);
  const figures = await deps.metrics.registry.metrics();
  expect(figures).toMatch(/goodword_check_findings\{check="check_remaining"\} [1-9]/);
  expect(figures).toContain('goodword_check_findings{check="check_earned"} 0');
});

test("a shop resumed by a person stays resumed until there is a new finding", async () => {
  const { world, rewardId, check } = await checkedWorld();
  const other = await issueReward(world);
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  await check(true);
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "staff" });
  await check(true);
  await check();
  expect(await pausedOf(world)).toBeNull();
  await tamper(LOSE_A_PENNY, [world.shopId, other.rewardId]);
  await check(true);
  expect(await pausedOf(world)).toBe("check_failed:check_liability");
});

test("a finding that was mended and comes back is new", async () => {
  const { world, rewardId, check } = await checkedWorld();
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  await check(true);
  await tamper("UPDATE rewards SET remaining = remaining + 1 WHERE shop_id = $1 AND id = $2", [world.shopId, rewardId]);
  world.clock.skip(60_000);
  expect((await check(true)).every(({ findings }) => findings === 0)).toBe(true);
  await pausePayouts(world, { shopId: world.shopId, reason: null, actor: "staff" });
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  world.clock.skip(60_000);
  await check(true);
  expect(await pausedOf(world)).toBe("check_failed:check_liability");
});

test("payouts that a person paused keep that reason", async () => {
  const { world, rewardId, check } = await checkedWorld();
  await pausePayouts(world, { shopId: world.shopId, reason: "stock-taking", actor: "staff" });
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  await check(true);
  expect(await pausedOf(world)).toBe("stock-taking");
});

test("late work is found by the application's clock and shown, and pauses nothing", async () => {
  const { world, check } = await checkedWorld();
  await check(true);
  world.clock.skip(40 * DAY_MS);
  const found = (await check()).filter(({ findings }) => findings > 0);
  expect(found.map(({ name }) => name)).toEqual(["check_overdue"]);
  expect(found[0]?.subjects[0]).toMatch(/^outbox /);
  expect(await pausedOf(world)).toBeNull();
});

test("a shop without news is not read again until a day has passed", async () => {
  const { world, rewardId, check } = await checkedWorld();
  await check(true);
  // As if everything had been clean for long: the rows of the shop are all older than the watermark.
  await db.ownerPool.query("UPDATE check_results SET watermark = now() + interval '1 hour' WHERE shop_id = $1", [
    world.shopId,
  ]);
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  world.clock.skip(60_000);
  expect((await check()).every(({ findings }) => findings === 0)).toBe(true);
  world.clock.skip(DAY_MS);
  await check();
  expect(await pausedOf(world)).toBe("check_failed:check_liability");
});

test("news of a shop has it read again at once", async () => {
  const { world, rewardId, check } = await checkedWorld();
  await check(true);
  await tamper(LOSE_A_PENNY, [world.shopId, rewardId]);
  world.clock.skip(60_000);
  await issueReward(world);
  await check();
  expect(await pausedOf(world)).toBe("check_failed:check_liability");
});
