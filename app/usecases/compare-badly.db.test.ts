import { afterAll, expect, test } from "vitest";
import { convertedFriend, COOLING_OFF_MS } from "#test/builders/journeys.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { compareDiscounts } from "./compare-discounts.ts";
import { fulfilReward } from "./fulfil-reward.ts";
import type { ShopAdmin, WorkVerdict } from "./ports.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A friend brought, and both sides given what the terms say. */
async function paid(terms: Record<string, unknown> = {}): Promise<UseCases> {
  const world = await buildUseCases(db, { fulfils: true, terms });
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  return world;
}

async function compare(world: UseCases, answers: Partial<ShopAdmin> = {}): Promise<WorkVerdict> {
  const own = world.admin.forShop(world.shopId, world.domain);
  const admin = { forShop: () => ({ ...own, ...answers }) };
  return compareDiscounts({ ...world, admin }, { ...(await world.outboxRow("discounts.compare")), payload: {} });
}

function kindsOf(world: UseCases): Promise<{ kind: string }[]> {
  return world.query<{ kind: string }>("SELECT kind FROM differences ORDER BY kind");
}

test("of a discount with more codes than are listed no code is missed: nobody saw the end of the list", async () => {
  const world = await paid();
  let pages = 0;
  const endless: ShopAdmin["codesOfDiscount"] = () => {
    pages += 1;
    return Promise.resolve({ outcome: "ok", codes: [], next: `page-${pages}` });
  };
  await compare(world, { codesOfDiscount: endless });
  expect(pages).toBeGreaterThanOrEqual(100);
  expect(await kindsOf(world)).toEqual([]);
  await compare(world, { codesOfDiscount: () => Promise.resolve({ outcome: "ok", codes: [], next: null }) });
  expect((await kindsOf(world)).map(({ kind }) => kind)).toContain("code_missing");
});

test.each(["discountsById", "codesOfDiscount", "orderStandings"] as const)(
  "without an answer to %s nothing is said to differ, and it is asked again",
  async (call) => {
    const world = await paid();
    for (const trouble of [
      { outcome: "throttled", retryAfterMs: 1_000 },
      { outcome: "refused", code: "ACCESS_DENIED" },
    ] as const)
      expect(await compare(world, { [call]: () => Promise.resolve(trouble) })).toMatchObject({ outcome: "again" });
    expect(await kindsOf(world)).toEqual([]);
  },
);

test.each([
  ["percentages", { kind: "percent", amount: "10" }, {}],
  ["free delivery", { kind: "free_shipping" }, {}],
  ["percentages to one customer", { kind: "percent", amount: "10" }, { bind_to_customer: true }],
  ["money to one customer", { kind: "fixed", amount: "10.00" }, { bind_to_customer: true }],
])("codes that give %s are as they were made", async (_what, offer, terms) => {
  const world = await paid({ referrer: offer, friend: { ...offer, when: "after_first_order" }, ...terms });
  expect(await world.query("SELECT FROM rewards WHERE status = 'issued'")).toHaveLength(2);
  await compare(world);
  expect(await kindsOf(world)).toEqual([]);
});

/** Nobody may change what a reward is worth: the guards are set aside, so that one is worth something else from the start. */
async function worthElse(rewardId: string, amount: bigint): Promise<void> {
  const client = await db.ownerPool.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    await client.query("UPDATE rewards SET amount = $2, remaining = $2 WHERE id = $1", [rewardId, amount]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

test("a code that is worth something else than the terms say is as it was made", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const [reward] = await world.query<{ id: string }>("SELECT id FROM rewards WHERE side = 1");
  await worthElse(reward?.id ?? "", 700n);
  const work = { ...(await world.outboxRow("reward.fulfil")), payload: { rewardId: reward?.id } };
  await fulfilReward(world, work);
  expect([...world.shopify.settings.values()]).toMatchObject([{ off: { kind: "fixed", amount: "7.00" } }]);
  await compare(world);
  expect(await kindsOf(world)).toEqual([]);
});
