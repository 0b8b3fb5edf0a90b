import { afterAll, expect, test } from "vitest";
import { creditsToCompare } from "#app/data/given-credits.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { changedCreditFields } from "#app/domain/reconcile/given-credit.ts";
import { makeGiftCard } from "#simulator/world/credits.ts";
import { deleteOrder, disputeOrder } from "#simulator/world/order-life.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import { buildCreditShop, fulfilToEnd } from "#test/builders/credit-shops.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { buildSimulatedAdmin } from "#test/builders/simulated-admin.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

test.each(["store_credit", "gift_card"] as const)(
  "%s that was given is found as it was given, until it is not",
  async (kind) => {
    const { deps, shop, shopId, domain, rewardIds } = await buildCreditShop(db, simulator, { kind });
    for (const id of rewardIds) expect(await fulfilToEnd(deps, shopId, id)).toMatchObject({ outcome: "done" });
    const page = { shopId, after: null, now: deps.clock.now(), limit: 50 };
    const made = await inShop(db.pools, shopId, (tx) => creditsToCompare(tx, page));
    expect(made.map(({ rewardId }) => rewardId)).toEqual(rewardIds.toSorted());
    const admin = deps.admin.forShop(shopId, domain);
    const read = async () => {
      const answer = await admin.creditsById(
        kind,
        made.map(({ externalId }) => externalId),
      );
      if (answer.outcome !== "ok") throw new Error(answer.outcome);
      return answer.credits;
    };
    const held = new Map((await read()).map((credit) => [credit.externalId, credit]));
    for (const credit of made) {
      const there = held.get(credit.externalId);
      expect(there === undefined ? ["missing"] : changedCreditFields(credit, there)).toEqual([]);
    }
    for (const card of shop.giftCards.values()) card.deactivatedAt = new Date();
    for (const account of shop.storeCreditAccounts.values()) account.entries.length = 0;
    expect((await read()).filter(({ isEnabled }) => isEnabled)).toEqual([]);
  },
);

test("orders are told with what banks ask of them, and one that was deleted is left out", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const place = () =>
    placeOrder(world, shop, {
      email: "mara@example.com",
      lines: [{ title: "Tea", priceMinor: 5_000n, quantity: 1 }],
      shippingMinor: 0n,
      discountCodes: [],
      paid: true,
    }).order;
  const [quiet, disputed, deleted] = [place(), place(), place()];
  const { id } = disputeOrder(world, shop, disputed);
  deleteOrder(world, shop, deleted);
  expect(await admin.orderStandings([quiet.id, disputed.id, deleted.id])).toEqual({
    outcome: "ok",
    orders: [
      { orderId: quiet.id, disputes: [] },
      { orderId: disputed.id, disputes: [{ disputeId: id, status: "needs_response" }] },
    ],
  });
});

test("gift cards of a shop that took the scope back are refused, and not taken for missing", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const { id } = makeGiftCard(world, shop, { initialMinor: 1_000n });
  const read = await admin.creditsById("gift_card", [`gid://shopify/GiftCard/${id}`]);
  expect(read).toEqual({ outcome: "refused", code: "ACCESS_DENIED" });
});

test("what a bank asks for is read where the shop allows it, and refused elsewhere", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const readIn = async (scopes: readonly string[]) => {
    const { shop, shopId, domain } = await grantShop(deps, simulator, { scopes });
    const lines = [{ title: "Tea", priceMinor: 5_000n, quantity: 1 }];
    const { order } = placeOrder(simulator.world, shop, { email: "mara@example.com", lines, paid: true });
    const { id } = disputeOrder(simulator.world, shop, order);
    return { id, orderId: order.id, answer: await deps.admin.forShop(shopId, domain).disputesById([id, "1"]) };
  };
  const { id, orderId, answer } = await readIn(["read_shopify_payments_disputes"]);
  expect(answer).toEqual({
    outcome: "ok",
    disputes: [{ disputeId: id, orderId, amount: "50.0", currency: "GBP" }],
  });
  expect(await readIn([])).toMatchObject({ answer: { outcome: "refused", code: "ACCESS_DENIED" } });
});
