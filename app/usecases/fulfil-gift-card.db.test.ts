import { afterAll, expect, test } from "vitest";
import { rewardCodeFromMac } from "#app/domain/reward/reward-code.ts";
import { buildCreditShop, CALL_TIMEOUT_MS, fulfilToEnd, rewardRows, runFulfil } from "#test/builders/credit-shops.ts";
import type { CreditShop } from "#test/builders/credit-shops.ts";
import { startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const MAKE = "graphql:giftCardCreate";
const LOOK = "graphql:giftCards";

function build(pairs = 1): Promise<CreditShop> {
  return buildCreditShop(db, simulator, { kind: "gift_card", pairs });
}

/** Every reward is issued, the shop has exactly their cards, and nothing is owed any more. */
async function expectOneCardEach(world: CreditShop): Promise<void> {
  const rewards = await rewardRows(db, world.shopId);
  expect(rewards.map(({ status, form, remaining }) => [status, form, remaining])).toEqual(
    world.rewardIds.map(() => ["issued", "gift_card", 0]),
  );
  const cards = [...world.shop.giftCards.values()];
  expect(cards.map((card) => card.code.toUpperCase()).toSorted()).toEqual(
    rewards.map(({ code }) => String(code)).toSorted(),
  );
  expect(cards.map((card) => card.initialMinor)).toEqual(world.rewardIds.map(() => 1000n));
}

test("each side gets one gift card over what is owed, under a code that follows from the reward", async () => {
  const world = await build();
  for (const rewardId of world.rewardIds)
    expect(await fulfilToEnd(world.deps, world.shopId, rewardId)).toMatchObject({ outcome: "done" });
  await expectOneCardEach(world);
  const [card] = world.shop.giftCards.values();
  const [reward] = await rewardRows(db, world.shopId);
  // Both sides end with the same week.
  expect(card?.expiresOn).toBe(reward?.expires_at.toISOString().slice(0, 10));
  expect(card?.note).toBe(`Goodword reward ${world.rewardIds[0]}`);
});

test.each([
  ["making it times out after it was applied", MAKE, "timeout_after_apply"],
  ["making it fails with a 5xx", MAKE, "5xx"],
  ["the connection is reset", "graphql", "reset"],
  ["Shopify throttles", "graphql", "throttled"],
  ["Shopify answers 429", "graphql", "429"],
  ["looking for it fails", LOOK, "5xx"],
] as const)("one gift card each when %s, each row running twice at once", async (_what, route, kind) => {
  const world = await build(2);
  simulator.simulator.faults.add({ route, kind, count: 3, ms: CALL_TIMEOUT_MS * 2 });
  const runs = [...world.rewardIds, ...world.rewardIds].map((id) => fulfilToEnd(world.deps, world.shopId, id));
  for (const verdict of await Promise.all(runs)) expect(verdict.outcome).toBe("done");
  await expectOneCardEach(world);
});

test("a gift card of our code that somebody else made is not adopted", async () => {
  const world = await build();
  const [rewardId = ""] = world.rewardIds;
  const known = await world.deps.shops.byId(world.shopId);
  const code = rewardCodeFromMac(known?.keyring.rewardCodeMac(rewardId, 0) ?? new Uint8Array()).toLowerCase();
  const card = { id: "77", code, initialMinor: 1n, balanceMinor: 1n, customerId: null, note: null, expiresOn: null };
  world.shop.giftCards.set("77", { ...card, deactivatedAt: null, createdAt: new Date() });
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toEqual({
    outcome: "dead",
    reason: "CODE_OF_ANOTHER_GIFT_CARD",
  });
  expect(world.shop.giftCards.size).toBe(1);
});

test("a card over Shopify's limit is blocked, and the debt stays", async () => {
  const amount = { text: "3000.01", minor: 300_001n };
  const world = await buildCreditShop(db, simulator, { kind: "gift_card", amount });
  const [rewardId = ""] = world.rewardIds;
  expect(await runFulfil(world.deps, world.shopId, rewardId)).toEqual({
    outcome: "dead",
    reason: "GIFT_CARD_LIMIT_EXCEEDED",
  });
  const rewards = await rewardRows(db, world.shopId);
  expect(rewards.find(({ id }) => id === rewardId)).toMatchObject({ status: "blocked", remaining: 300_001 });
});
