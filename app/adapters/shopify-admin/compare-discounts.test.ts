import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { changedFields } from "#app/domain/reconcile/discount-setting.ts";
import { createLogger } from "#app/platform/logger.ts";
import { grantInstallation } from "#simulator/oauth/installation.ts";
import { issueTokens } from "#simulator/oauth/tokens.ts";
import { startSimulator } from "#simulator/server.ts";
import { addCode, deleteDiscount, editDiscount } from "#simulator/world/discounts.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import { createShop } from "#simulator/world/shops.ts";
import type { DiscountWorth } from "#app/usecases/ports.ts";
import { createCostLimiter } from "./cost-limiter.ts";
import { createShopifyAdmin } from "./shopify-admin.ts";
import { createSimulatedFetch } from "./simulated-fetch.ts";

const APP = { appUrl: "http://127.0.0.1:1", apiKey: "test-key", apiSecret: "test-secret" };
const CODE = "ABCD2345EFGH6789";
const ENDS_AT = new Date("2030-03-04T00:00:00Z");

async function buildAdmin() {
  const simulator = await startSimulator({ port: 0, ...APP });
  onTestFinished(() => simulator.close());
  const shop = createShop(simulator.world, { shop: "freshbox", name: "FreshBox" });
  grantInstallation(simulator.world, shop, simulator.simulator.config.scopes);
  if (shop.installation === null) throw new Error("an installation was just granted");
  const { token } = issueTokens(shop.installation, { mode: "offline", expiring: true }).access;
  const sleepMs = (ms: number): Promise<void> => sleep(ms);
  const admin = createShopifyAdmin({
    fetch: createSimulatedFetch(simulator.url),
    accessTokenFor: () => Promise.resolve({ outcome: "ok", token }),
    limiter: createCostLimiter({ nowMs: () => performance.now(), sleepMs }),
    logger: createLogger({ LOG_LEVEL: "silent" }),
    sleepMs,
  }).forShop("shop-1", shop.domain);
  return { admin, shop, world: simulator.world };
}

test.each<DiscountWorth>([
  { kind: "fixed", amount: "10.00" },
  { kind: "percent", basisPoints: 1_250 },
  { kind: "free_shipping" },
])(
  "a discount of %j is read as it was made, with its codes and their uses, until somebody changes or deletes it",
  async (worth) => {
    const { admin, shop, world } = await buildAdmin();
    const startsAt = new Date(world.clock.now().getTime() - 1_000);
    const combinesWith = { order: false, product: false, shipping: false };
    const draft = { title: "Goodword", firstCode: CODE, worth, startsAt, endsAt: ENDS_AT, combinesWith };
    const made = await admin.createDiscountParent(draft);
    if (made.outcome !== "ok") throw new Error(made.outcome);
    const { discountId } = made;
    const [discount] = shop.discounts.values();
    if (discount === undefined) throw new Error("it was just made");
    for (let number = 0; number < 120; number += 1) addCode(world, shop, discount, `EXTRA${number}`);
    placeOrder(world, shop, {
      email: "mara@example.com",
      lines: [{ title: "Tea", priceMinor: 5_000n, quantity: 1 }],
      shippingMinor: 500n,
      discountCodes: [CODE],
      paid: true,
    });
    const setting = { off: worth, endsAt: ENDS_AT, usageLimit: 1, oncePerCustomer: false };
    const read = async () => {
      const answer = await admin.discountsById([discountId, "gid://shopify/DiscountCodeNode/1"]);
      if (answer.outcome !== "ok") throw new Error(answer.outcome);
      return answer.discounts;
    };
    expect((await read()).map((found) => [found.discountId, changedFields(setting, found)])).toEqual([
      [discountId, []],
    ]);
    const first = await admin.codesOfDiscount({ discountId, after: null });
    if (first.outcome !== "ok") throw new Error(first.outcome);
    expect(first.codes[0]).toEqual({ code: CODE, uses: 1 });
    const second = await admin.codesOfDiscount({ discountId, after: first.next });
    if (second.outcome !== "ok") throw new Error(second.outcome);
    expect([first.codes.length + second.codes.length, second.next]).toEqual([121, null]);
    editDiscount(world, discount, { usageLimit: null, endsAt: null });
    expect(changedFields(setting, (await read())[0] ?? setting)).toEqual(["endsAt", "usageLimit"]);
    deleteDiscount(world, shop, discount);
    expect(await read()).toEqual([]);
    expect(await admin.codesOfDiscount({ discountId, after: null })).toEqual({ outcome: "ok", codes: [], next: null });
  },
);
