import { afterAll, expect, test } from "vitest";
import { buildAdminLine } from "#test/builders/fake-shopify.ts";
import {
  bind,
  buy,
  casesOf,
  COOLING_OFF_MS,
  findingsOf,
  HOUR_MS,
  mintCode,
  paidOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import type { Purchase } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { reviewCase } from "./review-case.ts";
import { saveTerms } from "./save-terms.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Somebody new taps, signs up and buys, half an hour later. */
async function referFriend(
  world: UseCases,
  code: string,
  friend: string,
  purchase: Partial<Purchase> = {},
): Promise<void> {
  await bind(world, friend, [tap(world, code)]);
  world.clock.skip(HOUR_MS / 2);
  await buy(world, { customerId: friend, orderId: `5${friend}`, ...purchase });
}

async function statesOf(world: UseCases): Promise<string[]> {
  return (await referralsOf(world)).map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));
}

function budgetOf(world: UseCases): Promise<{ period: string; unit: string; used: bigint; cap: bigint | null }[]> {
  return world.query(
    "SELECT period::text AS period, unit, used, cap FROM cap_counters WHERE scope = 'budget' ORDER BY period",
  );
}

async function settleAll(world: UseCases): Promise<void> {
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
}

test("a month's budget pays what fits, holds the next referral for a person, and an approval waives it", async () => {
  const world = await buildUseCases(db, { terms: { budget_month: "30.00" } });
  const code = await mintCode(world);
  await referFriend(world, code, "8001");
  await referFriend(world, code, "8002");
  await settleAll(world);
  expect(await statesOf(world)).toEqual(["REWARDED", "HELD reward_cap"]);
  expect(await budgetOf(world)).toMatchObject([{ unit: "GBP", used: 2000n, cap: 3000n }]);
  const [held] = await casesOf(world);
  expect(held).toMatchObject({ kind: "reward_cap", state: "open" });
  const { shopId } = world;
  const decision = { shopId, caseId: held?.id ?? "", version: held?.version ?? 0, intent: "approve" } as const;
  await reviewCase(world, { ...decision, reason: null, note: null, actor: "test" });
  await world.work();
  expect((await referralsOf(world)).map(({ state }) => state)).toEqual(["REWARDED", "REWARDED"]);
  expect(await budgetOf(world)).toMatchObject([{ used: 2000n }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a budget that is set in the middle of a month counts what the month has paid already", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await referFriend(world, code, "8001");
  await settleAll(world);
  expect(await budgetOf(world)).toEqual([]);
  await saveTerms(world, { shopId: world.shopId, patch: { budget_month: "25.00" }, actor: "test" });
  await referFriend(world, code, "8002");
  const [, second] = await referralsOf(world);
  await world.query("UPDATE referrals SET paid_at = $2, eligible_at = $2 WHERE id = $1 RETURNING 1", [
    second?.id,
    world.clock.now(),
  ]);
  await settleReferral(world, await world.outboxRow("referral.settle"));
  expect(await statesOf(world)).toEqual(["REWARDED", "HELD reward_cap"]);
  expect(await budgetOf(world)).toMatchObject([{ used: 2000n, cap: 2500n }]);
});

test("a budget lowered below what is used stays at that, a new month begins anew, and no budget keeps no count", async () => {
  const world = await buildUseCases(db, { terms: { budget_month: "100.00" } });
  const code = await mintCode(world);
  await referFriend(world, code, "8001");
  await settleAll(world);
  await saveTerms(world, { shopId: world.shopId, patch: { budget_month: "5.00" }, actor: "test" });
  await referFriend(world, code, "8002");
  world.clock.skip(32 * 24 * HOUR_MS);
  await world.work();
  const months = await budgetOf(world);
  expect(months).toHaveLength(2);
  expect(months[1]).toMatchObject({ used: 0n, cap: 500n });
  expect(await statesOf(world)).toEqual(["REWARDED", "HELD reward_cap"]);
});

test("of many payouts at once none passes the budget", async () => {
  const world = await buildUseCases(db, { terms: { budget_month: "40.00", cap_30_days: null } });
  const code = await mintCode(world);
  for (const friend of ["8001", "8002", "8003", "8004", "8005"]) await referFriend(world, code, friend);
  world.clock.skip(COOLING_OFF_MS);
  const rows = await world.query<{ id: string; dedupeKey: string; payload: Record<string, unknown> }>(
    `SELECT id, dedupe_key AS "dedupeKey", payload FROM outbox WHERE topic = 'referral.settle'`,
  );
  const due = rows.map((row) => ({
    ...row,
    shopId: world.shopId,
    topic: "referral.settle",
    attempts: 1,
    externalId: null,
  }));
  await Promise.all([...due, ...due].map((row) => settleReferral(world, row)));
  expect((await statesOf(world)).toSorted()).toEqual([
    ...Array.from({ length: 3 }, () => "HELD reward_cap"),
    ...Array.from({ length: 2 }, () => "REWARDED"),
  ]);
  expect(await paidOf(world)).toEqual({ rewards: 4, posts: 4 });
  expect(await budgetOf(world)).toMatchObject([{ used: 4000n, cap: 4000n }]);
});

test("a referrer's cap in total holds what comes after it", async () => {
  const world = await buildUseCases(db, { terms: { cap_total: 1 } });
  const code = await mintCode(world);
  await referFriend(world, code, "8001");
  await referFriend(world, code, "8002");
  await settleAll(world);
  expect(await statesOf(world)).toEqual(["REWARDED", "HELD reward_cap"]);
});

test("before its start and after its end a campaign opens nothing; what it opened is paid after its end", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const now = world.clock.now().getTime();
  const at = (ms: number) => new Date(now + ms).toISOString();
  const campaign = { campaign_start: at(HOUR_MS), campaign_end: at(4 * HOUR_MS) };
  await saveTerms(world, { shopId: world.shopId, patch: campaign, actor: "test" });
  // The code that is out keeps the terms it was minted under; a new customer's is minted under the campaign's.
  await expect(mintCode(world, "7100")).rejects.toThrow("campaign_closed");
  world.clock.skip(2 * HOUR_MS);
  const own = await mintCode(world, "7100");
  await referFriend(world, own, "8001");
  world.clock.skip(3 * HOUR_MS);
  await bind(world, "8002", [tap(world, own)]);
  await referFriend(world, code, "8003");
  await settleAll(world);
  expect((await referralsOf(world)).map((referral) => [referral.code, referral.state])).toEqual([
    [own, "REWARDED"],
    [code, "REWARDED"],
  ]);
  expect(await world.query("SELECT reason FROM attributions WHERE reason IS NOT NULL")).toEqual([
    { reason: "campaign_closed" },
  ]);
});

const WORKED = [
  ["GBP", "35.00", "in Great Britain £42.00 with 20 % VAT inside is a base of £35.00", "42.00", "7.00", true],
  ["USD", "42.00", "in the United States $42.00 with $3.47 tax on top is a base of $42.00", "42.00", "3.47", false],
  ["JPY", "3000", "in Japan ¥3,300 with 10 % inside is a base of ¥3,000", "3300", "300", true],
] as const;

test.each(WORKED)("%s: a minimum of %s is met: %s", async (currency, minimum, _what, total, tax, taxesIncluded) => {
  const world = await buildUseCases(db, { currency, terms: { minimum_order: minimum } });
  const lines = [buildAdminLine({ originalTotal: total, taxes: [tax] })];
  const admin = { lines, taxesIncluded, currency };
  await referFriend(world, await mintCode(world), "8001", { totalPrice: total, currency, admin });
  await settleAll(world);
  expect(await statesOf(world)).toEqual(["REWARDED"]);
});

test.each(WORKED)("%s: a minimum above %s by the smallest coin is not: %s", async (...example) => {
  const [currency, minimum, , total, tax, taxesIncluded] = example;
  const above = currency === "JPY" ? "3001" : minimum.replace(/00$/, "01");
  const world = await buildUseCases(db, { currency, terms: { minimum_order: above } });
  const lines = [buildAdminLine({ originalTotal: total, taxes: [tax] })];
  const admin = { lines, taxesIncluded, currency };
  await referFriend(world, await mintCode(world), "8001", { totalPrice: total, currency, admin });
  await settleAll(world);
  expect((await referralsOf(world)).map(({ state, order }) => [state, order])).toEqual([["PENDING", null]]);
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
});
