import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { buy, COOLING_OFF_MS, HOUR_MS, mintCode, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { OutboxWork } from "./ports.ts";
import { settleReferrals } from "./settle-referrals.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Two friends of Dan whose referrals are due, and the rows of their work. */
async function twoDue() {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  for (const customerId of ["8001", "8002"]) {
    const tokens = { cartAttribute: [tap(world, code)], landingSite: [] };
    world.clock.skip(HOUR_MS);
    await buy(world, { orderId: customerId, customerId, tokens });
  }
  world.clock.skip(COOLING_OFF_MS + HOUR_MS);
  world.shopify.calls.length = 0;
  const rows = await world.query<OutboxWork>(
    `SELECT shop_id AS "shopId", id, topic, dedupe_key AS "dedupeKey", payload, 1 AS attempts, NULL AS "externalId"
       FROM outbox WHERE topic = 'referral.settle'`,
  );
  expect(rows).toHaveLength(2);
  return { world, rows };
}

async function statesOf(world: UseCases): Promise<string[]> {
  const referrals = await world.query<{ state: string }>("SELECT state FROM referrals");
  return referrals.map(({ state }) => state);
}

test("a row that names no referral gets a run of its own, and the others are settled without it", async () => {
  const { world, rows } = await twoDue();
  const nameless = rows.slice(0, 1).map((row) => ({ ...row, id: newId(), payload: {} }));
  const done = await settleReferrals(world, world.shopId, [...nameless, ...rows]);
  expect(new Set(done.keys())).toEqual(new Set(rows.map(({ id }) => id)));
  expect(await statesOf(world)).toEqual(["REWARDED", "REWARDED"]);
});

test("while Shopify cannot be asked none of many is settled together", async () => {
  const { world, rows } = await twoDue();
  world.shopify.trouble = { outcome: "throttled", retryAfterMs: 0 };
  expect(await settleReferrals(world, world.shopId, rows)).toEqual(new Map());
  expect(await statesOf(world)).toEqual(["PENDING", "PENDING"]);
  expect(world.shopify.calls).toEqual(["readEvidence"]);
});

test("for a shop that is not there Shopify is not asked, and nothing is settled", async () => {
  const { world, rows } = await twoDue();
  expect(await settleReferrals(world, newId(), rows)).toEqual(new Map());
  expect(await statesOf(world)).toEqual(["PENDING", "PENDING"]);
  expect(world.shopify.calls).toEqual([]);
});
