import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { createCostLimiter } from "#app/adapters/shopify-admin/cost-limiter.ts";
import { createShopifyAdmin } from "#app/adapters/shopify-admin/shopify-admin.ts";
import { createSimulatedFetch } from "#app/adapters/shopify-admin/simulated-fetch.ts";
import { createLogger } from "#app/platform/logger.ts";
import { grantInstallation } from "#simulator/oauth/installation.ts";
import { issueTokens } from "#simulator/oauth/tokens.ts";
import { startSimulator } from "#simulator/server.ts";
import type { SimulatorOptions } from "#simulator/server.ts";
import { createShop } from "#simulator/world/shops.ts";
import type { CreateShopInput } from "#simulator/world/shops.ts";
const APP = { appUrl: "http://127.0.0.1:1", apiKey: "test-key", apiSecret: "test-secret" };

/** A shop of the pretend Shopify, and the adapter with a token for it; it ends with the test. */
export async function buildSimulatedAdmin(
  input: Partial<CreateShopInput> = {},
  options: Partial<SimulatorOptions> = {},
) {
  const simulator = await startSimulator({ port: 0, ...APP, ...options });
  onTestFinished(() => simulator.close());
  const shop = createShop(simulator.world, { shop: "freshbox", name: "FreshBox", ...input });
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
