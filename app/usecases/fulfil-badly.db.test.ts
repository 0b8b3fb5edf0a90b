import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { buildCreditShop, rewardRows, runFulfil } from "#test/builders/credit-shops.ts";
import { NOON } from "#test/builders/domain.ts";
import { startTestSimulator } from "#test/builders/installed-shop.ts";
import { buildShopAdmin } from "#test/builders/scripted-admin.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { placeStoreCredit } from "./fulfil-store-credit.ts";
import type { StoreCreditWork } from "./fulfil-store-credit.ts";
import type { ShopAdmin } from "./ports.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

test("store credit for a person without a customer id has no account to go to: it is blocked, and stays owed", async () => {
  const { deps, shopId, rewardIds } = await buildCreditShop(db, simulator, { kind: "store_credit" });
  await db.ownerPool.query("UPDATE people SET profile_enc = NULL WHERE shop_id = $1", [shopId]);
  const [rewardId = ""] = rewardIds;
  await runFulfil(deps, shopId, rewardId);
  expect((await rewardRows(db, shopId)).find(({ id }) => id === rewardId)).toMatchObject({
    status: "blocked",
    remaining: 1000,
    sends: 0,
  });
});

test("a credit whose account may not be read is neither sent again nor given up before a day has passed", async () => {
  const world = await buildUseCases(db);
  const blind: Partial<ShopAdmin> = {
    findStoreCredit: () => Promise.resolve({ outcome: "refused", code: "ACCESS_DENIED" }),
    giveStoreCredit: () => Promise.reject(new Error("sent blindly")),
  };
  const credit = { customerId: "7001", currency: "GBP", amount: "10.00", expiresAt: new Date(NOON) };
  const place = (agoMs: number) => {
    const lastSentAt = new Date(world.clock.now().getTime() - agoMs);
    const work: StoreCreditWork = { form: "store_credit", rewardId: newId(), credit, sends: 1, lastSentAt };
    return placeStoreCredit(world, world.shop, buildShopAdmin(blind), work);
  };
  const DAY_MS = 86_400_000;
  expect(await place(DAY_MS)).toMatchObject({ outcome: "wait", reason: "account_unreadable" });
  expect(await place(DAY_MS + 1)).toEqual({ outcome: "undecided", reason: "account_unreadable" });
});
