import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createSessionStorage } from "#app/data/session-storage.ts";
import { loadEnv } from "#app/platform/env.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createShopify } from "#app/shopify.server.ts";
import { installShop } from "#app/usecases/install-shop.ts";
import { buildShopifyDeps, startTestSimulator, TEST_APP } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { BROWSER_USER_AGENT, grantInstallation } from "#simulator/oauth/installation.ts";
import { embeddedAppUrl } from "#simulator/oauth/launch.ts";
import { createShop } from "#simulator/world/shops.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const ENV = {
  GOODWORD_MODE: "test",
  SHOPIFY_API_KEY: TEST_APP.apiKey,
  SHOPIFY_API_SECRET: TEST_APP.apiSecret,
  SHOPIFY_APP_URL: TEST_APP.appUrl,
  DATA_KEY: randomBytes(32).toString("base64"),
};

/** The library as the app sets it up, over the pretend Shopify, with a shop whose merchant granted the scopes. */
function buildApp() {
  const env = loadEnv({ ...ENV, SHOPIFY_SIMULATOR_URL: simulator.url });
  const deps = buildShopifyDeps(db.pools, simulator);
  const installed: string[] = [];
  const shopify = createShopify({
    env,
    sessionStorage: createSessionStorage(deps),
    onInstalled: async (shop) => {
      installed.push(shop.scopes);
      await installShop(deps, shop);
    },
    logger: createLogger({ LOG_LEVEL: "silent" }),
  });
  const shop = createShop(simulator.world, { shop: `auth-${randomBytes(4).toString("hex")}` });
  grantInstallation(simulator.world, shop, simulator.simulator.config.scopes);
  const open = () =>
    new Request(embeddedAppUrl(simulator.world, shop, "/app"), { headers: { "user-agent": BROWSER_USER_AGENT } });
  return { shopify, deps, shop, installed, open };
}

test("a merchant who opens the app is authenticated, and the shop is installed by the token exchange", async () => {
  const { shopify, deps, shop, installed, open } = buildApp();
  const { session } = await shopify.authenticate.admin(open());
  expect(session).toMatchObject({ shop: shop.domain, isOnline: false });
  expect(session.refreshToken).toMatch(/^shprt_/);
  expect(installed).toEqual([simulator.simulator.config.scopes.join(",")]);
  expect(await deps.shops.byDomain(shop.domain)).toMatchObject({ installed: true, currency: "GBP" });
});

test("opening the app again finds the session and exchanges nothing", async () => {
  const { shopify, installed, open } = buildApp();
  await shopify.authenticate.admin(open());
  await shopify.authenticate.admin(open());
  expect(installed).toHaveLength(1);
});

test("workers reach the shop with the session that the merchant's visit left", async () => {
  const { shopify, deps, shop, open } = buildApp();
  await shopify.authenticate.admin(open());
  const known = await deps.shops.byDomain(shop.domain);
  expect(await deps.admin.forShop(known?.shopId ?? "", shop.domain).knownCustomers(null)).toMatchObject({
    outcome: "ok",
  });
});

test("a request without a session token is not let in", async () => {
  const { shopify } = buildApp();
  const answer = shopify.authenticate.admin(
    new Request(`${TEST_APP.appUrl}/app`, { headers: { "user-agent": BROWSER_USER_AGENT } }),
  );
  await expect(answer).rejects.toBeInstanceOf(Response);
});

test("an app made in the Shopify admin is refused with a reason", () => {
  const env = loadEnv({ ...ENV, APP_DISTRIBUTION: "shopify_admin" });
  const deps = buildShopifyDeps(db.pools, simulator);
  const create = () =>
    createShopify({
      env,
      sessionStorage: createSessionStorage(deps),
      onInstalled: () => Promise.resolve(),
      logger: deps.logger,
    });
  expect(create).toThrow(/session tokens/);
});
