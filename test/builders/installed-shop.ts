import { randomBytes } from "node:crypto";
import { setTimeout as sleepMs } from "node:timers/promises";
import { createCostLimiter } from "#app/adapters/shopify-admin/cost-limiter.ts";
import { createTokenRefresher } from "#app/adapters/shopify-admin/refresh-token.ts";
import { createShopifyAdmin } from "#app/adapters/shopify-admin/shopify-admin.ts";
import { createSimulatedFetch } from "#app/adapters/shopify-admin/simulated-fetch.ts";
import type { FetchLike } from "#app/adapters/shopify-admin/simulated-fetch.ts";
import type { Pools } from "#app/data/pools.ts";
import { offlineSessionId, saveSession } from "#app/data/session.repo.ts";
import { createShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { createAccessTokens } from "#app/usecases/access-token.ts";
import { grantInstallation } from "#simulator/oauth/installation.ts";
import { issueTokens } from "#simulator/oauth/tokens.ts";
import type { RunningSimulator } from "#simulator/server.ts";
import { startSimulator } from "#simulator/server.ts";
import { createShop } from "#simulator/world/shops.ts";
import type { CreateShopInput } from "#simulator/world/shops.ts";

export const TEST_APP = { appUrl: "http://127.0.0.1:1", apiKey: "test-key", apiSecret: "test-secret" } as const;

/** A pretend Shopify on a free port, without mail. */
export function startTestSimulator(): Promise<RunningSimulator> {
  return startSimulator({ port: 0, ...TEST_APP });
}

/** What the use cases that speak with Shopify are given, in one process of the app, over a real database. */
export function buildShopifyDeps(pools: Pools, simulator: RunningSimulator, options: { callTimeoutMs?: number } = {}) {
  const keys = createKeys({ dataKey: randomBytes(32) });
  const clock = { now: () => new Date() };
  const logger = createLogger({ LOG_LEVEL: "silent" });
  const metrics = createMetrics();
  const posts: string[] = [];
  const simulatedFetch = createSimulatedFetch(simulator.url);
  const fetch: FetchLike = (url, init) => {
    posts.push(new URL(url).pathname);
    return simulatedFetch(url, init);
  };
  const refresh = createTokenRefresher({ fetch, ...TEST_APP });
  const tokenDeps = { pools, keys, clock, refresh };
  const accessTokenFor = createAccessTokens(tokenDeps);
  const sleep = (ms: number): Promise<void> => sleepMs(ms);
  const limiter = createCostLimiter({ nowMs: () => performance.now(), sleepMs: sleep });
  const admin = createShopifyAdmin({
    fetch,
    accessTokenFor,
    limiter,
    logger,
    metrics,
    sleepMs: sleep,
    callTimeoutMs: options.callTimeoutMs ?? 5_000,
  });
  const shops = createShopDirectory({ pools, keys, clock });
  const rung: string[] = [];
  const ringer = { ring: (kind: string, shopId: string) => void rung.push(`${kind} ${shopId}`) };
  return {
    pools,
    keys,
    clock,
    logger,
    metrics,
    admin,
    shops,
    ringer,
    ringOutbox: (shopId: string) => ringer.ring("outbox", shopId),
    rung,
    tokenDeps,
    accessTokenFor,
    posts,
    sleepMs: sleep,
  };
}

export type ShopifyDeps = ReturnType<typeof buildShopifyDeps>;

/** A shop in the pretend Shopify that has granted the app its scopes, and the session that its token exchange leaves. */
export async function grantShop(
  deps: Pick<ShopifyDeps, "pools" | "keys" | "clock">,
  simulator: RunningSimulator,
  { scopes = [], ...input }: Partial<CreateShopInput> & { scopes?: readonly string[] } = {},
) {
  const { world, simulator: inner } = simulator;
  const shop = createShop(world, { shop: `shop-${newId().slice(-12)}`, name: "FreshBox", ...input });
  grantInstallation(world, shop, [...inner.config.scopes, ...scopes]);
  if (shop.installation === null) throw new Error("an installation was just granted");
  const { access, refresh } = issueTokens(shop.installation, { mode: "offline", expiring: true });
  const shopId = shopIdFor(shop.domain);
  const session = {
    id: offlineSessionId(shop.domain),
    domain: shop.domain,
    state: "",
    isOnline: false,
    scope: access.scopes.join(","),
    accessToken: access.token,
    refreshToken: refresh?.token ?? null,
    expiresAt: new Date(access.expiresAtMs ?? 0),
    refreshExpiresAt: new Date(refresh?.expiresAtMs ?? 0),
    userId: null,
    userScope: null,
  };
  await inShop(deps.pools, shopId, (tx) => saveSession(tx, deps.keys, shopId, session, deps.clock.now()));
  return { shop, shopId, domain: shop.domain, scopes: session.scope, session };
}
