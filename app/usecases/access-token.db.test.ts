import { afterAll, expect, test } from "vitest";
import { createTokenRefresher } from "#app/adapters/shopify-admin/refresh-token.ts";
import { createSimulatedFetch } from "#app/adapters/shopify-admin/simulated-fetch.ts";
import { offlineSessionId, readSession, saveSession } from "#app/data/session.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { createAccessTokens } from "#app/usecases/access-token.ts";
import type { ShopifyDeps } from "#test/builders/installed-shop.ts";
import { buildShopifyDeps, grantShop, startTestSimulator } from "#test/builders/installed-shop.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
const simulator = await startTestSimulator();
afterAll(async () => {
  await simulator.close();
  await db.drop();
});

const TOKEN_PATH = "/admin/oauth/access_token";
const refreshCalls = (deps: ShopifyDeps) => deps.posts.filter((path) => path === TOKEN_PATH).length;

/** A granted shop whose stored access token ends in a minute. */
async function grantEndingSoon(deps: ShopifyDeps) {
  const granted = await grantShop(deps, simulator);
  const expiresAt = new Date(Date.now() + 60_000);
  const { shopId, session } = granted;
  await inShop(deps.pools, shopId, (tx) =>
    saveSession(tx, deps.keys, shopId, { ...session, expiresAt }, deps.clock.now()),
  );
  return granted;
}

function readOffline(deps: ShopifyDeps, shop: { shopId: string; domain: string }) {
  return inShop(deps.pools, shop.shopId, (tx) =>
    readSession(tx, deps.keys, shop.shopId, offlineSessionId(shop.domain)),
  );
}

test("accessTokenFor gives the stored token and asks nobody while it is good", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantShop(deps, simulator);
  expect(await deps.accessTokenFor(shop)).toEqual({ outcome: "ok", token: shop.session.accessToken });
  expect(refreshCalls(deps)).toBe(0);
});

test("accessTokenFor renews once when ten callers in two processes ask at the same time", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  const secondProcess = createAccessTokens(deps.tokenDeps);
  const asked = Array.from({ length: 10 }, (_, caller) =>
    caller % 2 === 0 ? deps.accessTokenFor(shop) : secondProcess(shop),
  );
  const answers = await Promise.all(asked);
  expect(refreshCalls(deps)).toBe(1);
  const tokens = new Set(answers.map((answer) => (answer.outcome === "ok" ? answer.token : answer.outcome)));
  expect(tokens.size).toBe(1);
  expect(tokens).not.toContain(shop.session.accessToken);
});

test("ten processes that renew under the row's lock alone make one request", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  await Promise.all(Array.from({ length: 10 }, () => createAccessTokens(deps.tokenDeps)(shop)));
  expect(refreshCalls(deps)).toBe(1);
});

test("accessTokenFor stores both new tokens, and Shopify takes them", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  await deps.accessTokenFor(shop);
  const stored = await readOffline(deps, shop);
  expect(stored?.accessToken).not.toBe(shop.session.accessToken);
  expect(stored?.refreshToken).not.toBe(shop.session.refreshToken);
  expect((await deps.admin.forShop(shop.shopId, shop.domain).shopFacts()).outcome).toBe("ok");
});

test("a renewal whose answer was lost is made good with the old refresh token", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  simulator.simulator.faults.add({ route: "oauth:refresh", kind: "refresh_response_lost", count: 1 });
  expect((await deps.accessTokenFor(shop)).outcome).toBe("unavailable");
  expect((await readOffline(deps, shop))?.refreshToken).toBe(shop.session.refreshToken);
  expect((await deps.accessTokenFor(shop)).outcome).toBe("ok");
  expect((await deps.admin.forShop(shop.shopId, shop.domain).shopFacts()).outcome).toBe("ok");
});

test("a dead refresh token ends in unauthorised, and the session is forgotten", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  shop.shop.installation?.refreshTokens.clear();
  expect(await deps.accessTokenFor(shop)).toEqual({ outcome: "unauthorised" });
  expect(await readOffline(deps, shop)).toBeNull();
});

test("a renewal that fails because the app's secret is wrong keeps the session", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  const refresh = createTokenRefresher({
    fetch: createSimulatedFetch(simulator.url),
    apiKey: "test-key",
    apiSecret: "wrong",
  });
  const answer = await createAccessTokens({ ...deps.tokenDeps, refresh })(shop);
  expect(answer.outcome).toBe("unavailable");
  expect((await readOffline(deps, shop))?.refreshToken).toBe(shop.session.refreshToken);
});

test("a token that Shopify revoked early is replaced in the middle of a call", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantShop(deps, simulator);
  shop.shop.installation?.accessTokens.clear();
  expect((await deps.admin.forShop(shop.shopId, shop.domain).shopFacts()).outcome).toBe("ok");
  expect(refreshCalls(deps)).toBe(1);
});

test("a shop without a session is unauthorised", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = { shopId: "00000000-0000-8000-8000-000000000001", domain: "nobody.myshopify.com" };
  expect(await deps.accessTokenFor(shop)).toEqual({ outcome: "unauthorised" });
});

test("a token that was looked up is handed out again for a moment; one that Shopify refused is looked up anew", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantShop(deps, simulator);
  const first = await deps.accessTokenFor(shop);
  const { shopId, session } = shop;
  const next = { ...session, accessToken: "shpat_next" };
  await inShop(deps.pools, shopId, (tx) => saveSession(tx, deps.keys, shopId, next, deps.clock.now()));
  expect(await deps.accessTokenFor(shop)).toEqual(first);
  const refused = first.outcome === "ok" ? first.token : "";
  expect(await deps.accessTokenFor(shop, refused)).toEqual({ outcome: "ok", token: "shpat_next" });
});

test("an access token that ends and cannot be renewed ends in unauthorised", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const { shopId, session, ...shop } = await grantEndingSoon(deps);
  const alone = { ...session, refreshToken: null, expiresAt: new Date(Date.now() + 60_000) };
  await inShop(deps.pools, shopId, (tx) => saveSession(tx, deps.keys, shopId, alone, deps.clock.now()));
  expect(await deps.accessTokenFor({ shopId, domain: shop.domain })).toEqual({ outcome: "unauthorised" });
  expect(refreshCalls(deps)).toBe(0);
});

test("a renewal that does not tell the scopes leaves them as they were", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const shop = await grantEndingSoon(deps);
  const tokens = { accessToken: "shpat_next", refreshToken: "shprt_next" };
  const refresh = () =>
    Promise.resolve({
      outcome: "ok",
      ...tokens,
      scope: null,
      expiresInMs: 3_600_000,
      refreshExpiresInMs: 86_400_000,
    } as const);
  const answer = await createAccessTokens({ ...deps.tokenDeps, refresh })(shop);
  expect(answer).toEqual({ outcome: "ok", token: "shpat_next" });
  expect((await readOffline(deps, shop))?.scope).toBe(shop.session.scope);
});

test("a process that knows as many tokens as it may remember forgets the oldest, and looks it up anew", async () => {
  const deps = buildShopifyDeps(db.pools, simulator);
  const [first, second] = [await grantShop(deps, simulator), await grantShop(deps, simulator)];
  const accessTokenFor = createAccessTokens(deps.tokenDeps, 1);
  for (const shop of [first, second]) await accessTokenFor(shop);
  const next = { ...first.session, accessToken: "shpat_next" };
  await inShop(deps.pools, first.shopId, (tx) => saveSession(tx, deps.keys, first.shopId, next, deps.clock.now()));
  expect(await accessTokenFor(first)).toEqual({ outcome: "ok", token: "shpat_next" });
});
