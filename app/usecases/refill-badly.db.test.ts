import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { insertTerms } from "#app/data/terms.repo.ts";
import { buildTerms } from "#test/builders/domain.ts";
import { buildScriptedShopify } from "#test/builders/scripted-admin.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { CodeResult, OutboxWork, ShopAdmin } from "./ports.ts";
import { refillWelcome } from "./refill-welcome.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DISCOUNT = "gid://shopify/DiscountCodeNode/1";
const TITLE = "Goodword welcome v2";
const FRIEND_FIRST = { friend: { when: "on_first_order" } };

async function buildShop(terms: Record<string, unknown> = FRIEND_FIRST) {
  const world = await buildUseCases(db, { terms });
  const row: OutboxWork = {
    shopId: world.shopId,
    id: world.shopId,
    topic: "welcome.refill",
    dedupeKey: "refill:2:0",
    payload: { termsVersion: 2 },
    attempts: 1,
    externalId: null,
  };
  return { world, row };
}

async function statesOf(world: UseCases): Promise<Record<string, number>> {
  const rows = await world.query<{ state: string; n: number }>(
    "SELECT state, count(*)::int AS n FROM welcome_codes GROUP BY state ORDER BY state",
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** The discount is made, and of the codes that are added Shopify says this. */
function adding(results: (codes: readonly string[]) => readonly CodeResult[], more: Partial<ShopAdmin> = {}) {
  let asked: readonly string[] = [];
  return buildScriptedShopify({
    createDiscountParent: () => Promise.resolve({ outcome: "ok", discountId: DISCOUNT }),
    addCodes: (_discount, codes) => {
      asked = codes;
      return Promise.resolve({ outcome: "ok", creationId: "c" });
    },
    pollCodes: () => Promise.resolve({ outcome: "done", added: 0, failed: asked.length }),
    codeResults: () => Promise.resolve({ outcome: "ok", codes: results(asked) }),
    ...more,
  });
}

const taken = (codes: readonly string[]): readonly CodeResult[] =>
  codes.map((code, place) => ({ code, problem: place === 0 ? "taken" : null }));

test("a pool is not filled for terms in another currency, or whose friends get no code for their first order", async () => {
  const { world, row } = await buildShop();
  await db.ownerPool.query("UPDATE shops SET currency = 'EUR' WHERE id = $1", [world.shopId]);
  world.shops.forget(world.shopId);
  expect(await refillWelcome(world, row)).toEqual({ outcome: "done" });
  const after = await buildShop({ friend: { when: "after_first_order" }, window_days: 20 });
  expect(await refillWelcome(after.world, after.row)).toEqual({ outcome: "done" });
  expect([await statesOf(world), await statesOf(after.world)]).toEqual([{}, {}]);
});

test.each([
  ["percent", 1_250n, true],
  ["free_shipping", 1n, true],
  ["store_credit", 1_000n, false],
  ["gift_card", 1_000n, false],
] as const)("a pool for friends who get %s of %i holds codes: %s", async (kind, amountMinor, holds) => {
  const { world, row } = await buildShop();
  const terms = buildTerms();
  const friend = { ...terms.friend, kind, amountMinor, when: "on_first_order" } as const;
  await inShop(world.pools, world.shopId, (tx) =>
    insertTerms(tx, { shopId: world.shopId, version: 3, terms: { ...terms, friend }, now: world.clock.now() }),
  );
  await refillWelcome(world, { ...row, payload: { termsVersion: 3 } });
  expect(Object.keys(await statesOf(world))).toEqual(holds ? ["pooled"] : []);
});

test("codes that Shopify does not tell of are waited for, and given to nobody", async () => {
  const { world, row } = await buildShop();
  const admin = adding((codes) => codes.slice(1).map((code) => ({ code, problem: null })));
  expect(await refillWelcome({ ...world, admin }, row)).toMatchObject({ outcome: "again", reason: "code_not_shown" });
  expect(await statesOf(world)).toMatchObject({ minting: 1 });
});

test("a code that is taken and cannot be found, or not be looked for, is waited for", async () => {
  const { world, row } = await buildShop();
  const hidden = adding(taken, { findCode: () => Promise.resolve({ outcome: "not_found" }) });
  expect(await refillWelcome({ ...world, admin: hidden }, row)).toMatchObject({ reason: "taken_but_not_found" });
  const busy = adding(taken, { findCode: () => Promise.resolve({ outcome: "throttled", retryAfterMs: 1_000 }) });
  expect(await refillWelcome({ ...world, admin: busy }, row)).toMatchObject({ outcome: "again", reason: "throttled" });
});

test("a code of another discount is dropped, and never given out", async () => {
  const { world, row } = await buildShop();
  const others = { outcome: "found", discountId: "gid://shopify/DiscountCodeNode/9", title: TITLE } as const;
  const admin = adding(taken, { findCode: () => Promise.resolve(others) });
  expect(await refillWelcome({ ...world, admin }, row)).toEqual({ outcome: "done" });
  const states = await statesOf(world);
  expect(states["minting"] ?? 0).toBe(0);
  expect(Object.keys(states)).not.toEqual(["pooled"]);
});
