import { afterAll, expect, test } from "vitest";
import { sendAgain } from "#app/data/after-reward.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import { buildCreditShop, CALL_TIMEOUT_MS, fulfilToEnd, rewardRows, runFulfil } from "#test/builders/credit-shops.ts";
import type { CreditShop } from "#test/builders/credit-shops.ts";
import { startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { Shop } from "#simulator/world/types.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const CREDIT = "graphql:storeCreditAccountCredit";
const LOOK = "graphql:customer";

function build(pairs = 1): Promise<CreditShop> {
  return buildCreditShop(db, simulator, { kind: "store_credit", pairs });
}

function creditsOf(shop: Shop): bigint[] {
  return [...shop.storeCreditAccounts.values()].flatMap(({ entries }) => entries.map((entry) => entry.amountMinor));
}

async function issuedValueOf(shopId: string): Promise<{ entries: number; amount: number }> {
  const sql =
    "SELECT count(*)::int AS entries, coalesce(sum(amount), 0)::int AS amount FROM ledger_transfers WHERE shop_id = $1 AND purpose = 'issue'";
  return (await db.ownerPool.query(sql, [shopId])).rows[0];
}

async function findingsOf(shopId: string): Promise<string[]> {
  return inShop(db.pools, shopId, async (tx) => {
    const found: string[] = [];
    for (const view of ["check_liability", "check_remaining", "check_referral_ledger", "check_earned"])
      if ((await tx.query(`SELECT FROM ${view}`)).length > 0) found.push(view);
    return found;
  });
}

async function rewardOf(world: CreditShop, rewardId: string) {
  return (await rewardRows(db, world.shopId)).find(({ id }) => id === rewardId);
}

/** Every reward is issued, one credit each, and nothing is owed any more. */
async function expectOneCreditEach(world: CreditShop): Promise<void> {
  const rewards = await rewardRows(db, world.shopId);
  expect(rewards.map(({ status, form, remaining }) => [status, form, remaining])).toEqual(
    world.rewardIds.map(() => ["issued", "store_credit", 0]),
  );
  expect(creditsOf(world.shop)).toEqual(world.rewardIds.map(() => 1000n));
  expect(await issuedValueOf(world.shopId)).toEqual({
    entries: world.rewardIds.length,
    amount: 1000 * world.rewardIds.length,
  });
  expect(await findingsOf(world.shopId)).toEqual([]);
}

test("each side is credited once with what is owed, which leaves the debt when it is given, and its note is queued", async () => {
  const world = await build();
  for (const rewardId of world.rewardIds)
    expect(await fulfilToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  await expectOneCreditEach(world);
  const entries = [...world.shop.storeCreditAccounts.values()].flatMap(({ entries: all }) => all);
  const rewards = await rewardRows(db, world.shopId);
  expect(entries.map(({ expiresAt }) => expiresAt?.getTime() ?? 0).toSorted((a, b) => a - b)).toEqual(
    rewards.map((reward) => reward.expires_at.getTime()).toSorted((a, b) => a - b),
  );
  expect(rewards.map(({ code }) => code)).toEqual([null, null]);
  const notes = await db.ownerPool.query("SELECT 1 FROM outbox WHERE shop_id = $1 AND topic = 'note.send'", [
    world.shopId,
  ]);
  expect(notes.rowCount).toBe(2);
});

test("no two credits of a shop expire at the same moment, also when all are prepared at once", async () => {
  const world = await build(4);
  await Promise.all(world.rewardIds.map((rewardId) => fulfilToEnd(world.deps, world.shopId, rewardId)));
  const moments = (await rewardRows(db, world.shopId)).map((reward) => reward.expires_at.getTime());
  expect(new Set(moments).size).toBe(8);
  expect(Math.max(...moments) - Math.min(...moments)).toBe(7_000);
  await expectOneCreditEach(world);
});

test("all rows at once, each of them twice, still credit once each", async () => {
  const world = await build(3);
  const runs = [...world.rewardIds, ...world.rewardIds].map((id) => fulfilToEnd(world.deps, world.shopId, id));
  for (const verdict of await Promise.all(runs)) expect(verdict.outcome).toBe("done");
  await expectOneCreditEach(world);
});

test.each([
  ["the credit times out after it was applied", CREDIT, "timeout_after_apply"],
  ["the credit fails with a 5xx", CREDIT, "5xx"],
  ["the connection is reset", CREDIT, "reset"],
  ["Shopify throttles", CREDIT, "throttled"],
  ["Shopify answers 429", CREDIT, "429"],
  ["the account cannot be read", LOOK, "5xx"],
] as const)("one credit each when %s, each row running twice at once", async (_what, route, kind) => {
  const world = await build(2);
  // Looking needs something to look for.
  if (route === LOOK)
    simulator.simulator.faults.add({ route: CREDIT, kind: "timeout_after_apply", count: 2, ms: CALL_TIMEOUT_MS * 2 });
  simulator.simulator.faults.add({ route, kind, count: 3, ms: CALL_TIMEOUT_MS * 2 });
  const runs = [...world.rewardIds, ...world.rewardIds].map((id) => fulfilToEnd(world.deps, world.shopId, id));
  for (const verdict of await Promise.all(runs)) expect(verdict.outcome).toBe("done");
  await expectOneCreditEach(world);
});

test("one credit each when a third of all calls is lost after being applied", async () => {
  const world = await build(3);
  const ms = CALL_TIMEOUT_MS * 2;
  simulator.simulator.faults.add({ route: "graphql", kind: "timeout_after_apply", rate: 0.34, count: 20, ms });
  await Promise.all(world.rewardIds.map((rewardId) => fulfilToEnd(world.deps, world.shopId, rewardId)));
  await expectOneCreditEach(world);
});

test("a call without an answer and without a trace is not repeated before it has had ten minutes to arrive", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  simulator.simulator.faults.add({ route: CREDIT, kind: "5xx", count: 1 });
  const first = await runFulfil(world.deps, world.shopId, rewardId);
  expect(first).toMatchObject({ outcome: "again", reason: "outcome_unknown" });
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toMatchObject({ reason: "credit_not_shown_yet" });
  expect(creditsOf(world.shop)).toEqual([]);
  const clock = { now: () => new Date(Date.now() + 11 * 60_000) };
  expect(await runFulfil({ ...world.deps, clock }, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  expect(creditsOf(world.shop)).toEqual([1000n]);
});

test("a worker that died after the call finds what it gave", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  simulator.simulator.faults.add({ route: CREDIT, kind: "timeout_after_apply", count: 1, ms: CALL_TIMEOUT_MS * 2 });
  simulator.simulator.faults.add({ route: LOOK, kind: "5xx", count: 9 });
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "again" });
  simulator.simulator.faults.clear();
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  expect(creditsOf(world.shop)).toEqual([1000n]);
});

test("what nobody can tell becomes one case about that reward, and nothing more is sent", async () => {
  const world = await build();
  simulator.simulator.faults.add({ route: CREDIT, kind: "5xx" });
  for (const rewardId of world.rewardIds)
    expect(await fulfilToEnd(world.deps, world.shopId, rewardId)).toEqual({ outcome: "done" });
  const rewards = await rewardRows(db, world.shopId);
  expect(rewards.map(({ status, sends, remaining }) => [status, sends, remaining])).toEqual([
    ["unknown", 4, 1000],
    ["unknown", 4, 1000],
  ]);
  const cases = await db.ownerPool.query(
    "SELECT kind, reason, reward_id FROM cases WHERE shop_id = $1 ORDER BY reward_id",
    [world.shopId],
  );
  expect(cases.rows).toEqual(
    world.rewardIds
      .toSorted()
      .map((rewardId) => ({ kind: "unknown_fulfilment", reason: "credit_never_shown", reward_id: rewardId })),
  );
  expect(creditsOf(world.shop)).toEqual([]);
});

test("an account that cannot be read for a day after a lost call becomes a case", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  simulator.simulator.faults.add({ route: CREDIT, kind: "timeout_after_apply", count: 1, ms: CALL_TIMEOUT_MS * 2 });
  simulator.simulator.faults.add({ route: LOOK, kind: "reset" });
  await runFulfil(world.deps, world.shopId, rewardId);
  const clock = { now: () => new Date(Date.now() + 25 * 3_600_000) };
  expect(await runFulfil({ ...world.deps, clock }, world.shopId, rewardId)).toEqual({ outcome: "done" });
  expect(await rewardOf(world, rewardId)).toMatchObject({ status: "unknown", remaining: 1000 });
  expect(creditsOf(world.shop)).toEqual([1000n]);
});

test("a doubt that a person sends again is looked for once more before anything is sent", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  simulator.simulator.faults.add({ route: CREDIT, kind: "5xx", count: 4 });
  await fulfilToEnd(world.deps, world.shopId, rewardId);
  // Nothing happens by itself, not even when the row runs once more.
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toEqual({ outcome: "done" });
  expect(creditsOf(world.shop)).toEqual([]);
  await inShop(db.pools, world.shopId, (tx) => sendAgain(tx, { shopId: world.shopId, rewardId, now: new Date() }));
  simulator.simulator.faults.add({ route: LOOK, kind: "5xx", count: 9 });
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "again" });
  expect(creditsOf(world.shop)).toEqual([]);
  simulator.simulator.faults.clear();
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  expect(creditsOf(world.shop)).toEqual([1000n]);
});

test("a refusal for good blocks, the debt stays, and the permission once given makes it good by itself", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  const tokens = [...(world.shop.installation?.accessTokens.values() ?? [])];
  for (const token of tokens)
    world.shop.installation?.accessTokens.set(token.token, { ...token, scopes: ["read_customers"] });
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toEqual({ outcome: "dead", reason: "ACCESS_DENIED" });
  expect(await rewardOf(world, rewardId)).toMatchObject({ status: "blocked", remaining: 1000, sends: 0 });
  // The merchant allows it: the old token's scopes are not the shop's any more, and the blocked reward is due again.
  await installShop(world.deps, { domain: world.domain, scopes: `${world.scopes},read_customer_merge` });
  const again = await db.ownerPool.query(
    "SELECT dedupe_key FROM outbox WHERE shop_id = $1 AND topic = 'reward.fulfil' AND state = 'new' AND dedupe_key LIKE $2",
    [world.shopId, `fulfil:${rewardId}:%`],
  );
  expect(again.rowCount).toBe(1);
  expect(world.deps.rung.at(-1)).toBe(`outbox ${world.shopId}`);
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  expect(creditsOf(world.shop)).toEqual([1000n]);
});

test("somebody whom Shopify no longer knows is blocked, not credited elsewhere", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  world.shop.customers.clear();
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toEqual({ outcome: "dead", reason: "OWNER_NOT_FOUND" });
});

test("nothing is sent while another call for the same reward is on its way, however far a clock leaps meanwhile", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const slow: typeof world.deps = {
    ...world.deps,
    admin: {
      forShop: (shopId, domain) => {
        const admin = world.deps.admin.forShop(shopId, domain);
        const giveStoreCredit: typeof admin.giveStoreCredit = async (credit) => {
          arrive();
          await opened;
          return admin.giveStoreCredit(credit);
        };
        return { ...admin, giveStoreCredit };
      },
    },
  };
  const first = runFulfil(slow, world.shopId, rewardId, 1);
  await arrived;
  const later = { ...world.deps, clock: { now: () => new Date(Date.now() + 86_400_000) } };
  expect(await runFulfil(later, world.shopId, rewardId, 1)).toMatchObject({ outcome: "again" });
  expect(creditsOf(world.shop)).toEqual([]);
  open();
  expect(await first).toMatchObject({ outcome: "done" });
  expect(creditsOf(world.shop)).toEqual([1000n]);
});
