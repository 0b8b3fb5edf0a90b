import { expect, onTestFinished, test } from "vitest";
import { API_KEY, API_SECRET } from "../fidelity/harness.ts";
import { startSimulator } from "../server.ts";
import { createShop } from "../world/shops.ts";
import { grantInstallation, uninstall } from "./installation.ts";
import { signJwt, verifyJwt } from "./jwt.ts";
import { embeddedAppUrl } from "./launch.ts";
import { adminIdToken, extensionToken } from "./session-tokens.ts";

const EXCHANGE = {
  client_id: API_KEY,
  client_secret: API_SECRET,
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
  expiring: "1",
};
const REFRESH = { client_id: API_KEY, client_secret: API_SECRET, grant_type: "refresh_token" };

type Tokens = {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  refresh_token_expires_in: number;
  scope: string;
};

async function startShop() {
  const running = await startSimulator({
    port: 0,
    appUrl: "http://127.0.0.1:9",
    apiKey: API_KEY,
    apiSecret: API_SECRET,
  });
  onTestFinished(() => running.close());
  const shop = createShop(running.world, { shop: "freshbox" });
  grantInstallation(running.world, shop, ["read_orders", "write_discounts"]);
  const headers = { "content-type": "application/json", "x-sim-shop": shop.domain };
  const post = async (body: object): Promise<{ status: number; body: Tokens & { error?: string } }> => {
    const response = await fetch(`${running.url}/admin/oauth/access_token`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Tokens }; // the tests check what matters of it
  };
  const callApi = async (token: string): Promise<number> => {
    const response = await fetch(`${running.url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { ...headers, "x-shopify-access-token": token },
      body: JSON.stringify({ query: "{ shop { name } }" }),
    });
    return response.status;
  };
  return { ...running, shop, post, callApi };
}

test("token exchange gives an expiring token with a refresh token and the granted scopes", async () => {
  const { world, shop, post, callApi } = await startShop();
  const { status, body } = await post({ ...EXCHANGE, subject_token: adminIdToken(world, shop) });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    scope: "read_orders,write_discounts",
    expires_in: 3_600,
    refresh_token_expires_in: 7_776_000,
  });
  expect(await callApi(body.access_token)).toBe(200);
});

test("token exchange without expiring=1 gives a token for good", async () => {
  const { world, shop, post } = await startShop();
  const { body } = await post({ ...EXCHANGE, expiring: "0", subject_token: adminIdToken(world, shop) });
  expect(body.refresh_token).toBeUndefined();
  expect(body.expires_in).toBeUndefined();
});

test.each([
  ["signed with another secret", { secret: "other" }],
  ["made for another app", { aud: "another-app" }],
  ["expired", { exp: Math.floor(Date.now() / 1000) - 1 }],
  ["of another shop", { dest: "https://other.myshopify.com" }],
])("token exchange refuses an id token that is %s", async (_what, change) => {
  const { shop, post } = await startShop();
  const { secret, ...claims }: { secret?: string; aud?: string; exp?: number; dest?: string } = change;
  const good = { aud: API_KEY, dest: `https://${shop.domain}`, exp: Math.floor(Date.now() / 1000) + 60 };
  const { status, body } = await post({
    ...EXCHANGE,
    subject_token: signJwt({ ...good, ...claims }, secret ?? API_SECRET),
  });
  expect(status).toBe(400);
  expect(body.error).toBe("invalid_subject_token");
});

test("a wrong client secret is refused", async () => {
  const { world, shop, post } = await startShop();
  const { status, body } = await post({
    ...EXCHANGE,
    client_secret: "guess",
    subject_token: adminIdToken(world, shop),
  });
  expect({ status, error: body.error }).toEqual({ status: 400, error: "invalid_client" });
});

test("a refresh token rotates, may be sent again until its successor is used, and is dead after that", async () => {
  const { world, shop, post, callApi } = await startShop();
  const first = (await post({ ...EXCHANGE, subject_token: adminIdToken(world, shop) })).body;
  const second = (await post({ ...REFRESH, refresh_token: first.refresh_token })).body;
  expect(second.refresh_token).not.toBe(first.refresh_token);
  const again = await post({ ...REFRESH, refresh_token: first.refresh_token });
  expect(again.status).toBe(200);
  expect(again.body.refresh_token).toBe(second.refresh_token);
  expect(await callApi(again.body.access_token)).toBe(200);
  const third = await post({ ...REFRESH, refresh_token: second.refresh_token });
  expect(third.status).toBe(200);
  const dead = await post({ ...REFRESH, refresh_token: first.refresh_token });
  expect({ status: dead.status, error: dead.body.error }).toEqual({ status: 400, error: "invalid_grant" });
});

test("uninstalling voids every token", async () => {
  const { world, shop, post, callApi } = await startShop();
  const { body } = await post({ ...EXCHANGE, subject_token: adminIdToken(world, shop) });
  uninstall(world, shop);
  expect(await callApi(body.access_token)).toBe(401);
  expect((await post({ ...REFRESH, refresh_token: body.refresh_token })).status).toBe(400);
  expect((await post({ ...EXCHANGE, subject_token: adminIdToken(world, shop) })).body.error).toBe(
    "invalid_subject_token",
  );
});

test("a lost refresh answer costs nothing: the same token is good for another try", async () => {
  const { world, shop, post, simulator } = await startShop();
  const first = (await post({ ...EXCHANGE, subject_token: adminIdToken(world, shop) })).body;
  simulator.faults.add({ route: "oauth", kind: "refresh_response_lost", count: 1 });
  await expect(post({ ...REFRESH, refresh_token: first.refresh_token })).rejects.toThrow();
  expect((await post({ ...REFRESH, refresh_token: first.refresh_token })).status).toBe(200);
});

test("tokens carry the claims that Shopify's carry", async () => {
  const { world, shop } = await startShop();
  const claims = verifyJwt(adminIdToken(world, shop), API_SECRET);
  expect(claims).toMatchObject({ iss: `https://${shop.domain}/admin`, dest: `https://${shop.domain}`, aud: API_KEY });
  expect(Number(claims?.["exp"]) - Number(claims?.["iat"])).toBe(60);
  const extension = verifyJwt(extensionToken(world, shop, { customer: null }), API_SECRET);
  expect(extension).toMatchObject({ dest: shop.domain, aud: API_KEY });
  expect(extension).not.toHaveProperty("sub");
  expect(verifyJwt(`${adminIdToken(world, shop)}x`, API_SECRET)).toBeNull();
});

test("the admin opens the app with a signed address and a fresh id token", async () => {
  const { world, shop } = await startShop();
  const url = new URL(embeddedAppUrl(world, shop, "/app/program?tab=1"));
  expect(url.pathname).toBe("/app/program");
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    embedded: "1",
    shop: shop.domain,
    tab: "1",
    hmac: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(Buffer.from(url.searchParams.get("host") ?? "", "base64").toString()).toBe("admin.shopify.com/store/freshbox");
  expect(verifyJwt(url.searchParams.get("id_token") ?? "", API_SECRET)).not.toBeNull();
});
