import { afterAll, expect, test } from "vitest";
import { creditsToCompare } from "#app/data/given-credits.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { changedCreditFields } from "#app/domain/reconcile/given-credit.ts";
import { deleteOrder, disputeOrder } from "#simulator/world/order-life.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import { buildCreditShop, fulfilToEnd } from "#test/builders/credit-shops.ts";
import { startTestSimulator } from "#test/builders/installed-shop.ts";
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
