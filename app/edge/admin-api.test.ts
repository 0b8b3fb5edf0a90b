import { createHmac } from "node:crypto";
import fastify from "fastify";
import { pino } from "pino";
import { expect, test } from "vitest";
import { registerAdminApi } from "./admin-api.ts";
import type { AdminApiDeps } from "./admin-api.ts";

const SHOP = "freshbox.myshopify.com";

/** The door, with a read model that remembers what it was asked. */
function buildApp() {
  const asked: unknown[] = [];
  const deps = {
    env: { SHOPIFY_API_KEY: "our-key", SHOPIFY_API_SECRET: "secret" },
    logger: pino({ level: "silent" }),
    shops: { byDomain: async (domain: string) => (domain === SHOP ? { shopId: "s1", domain, installed: true } : null) },
    adminBlock: async ({ subject }: { subject: unknown }) => {
      asked.push(subject);
      return { referrals: [], ownLink: null };
    },
  } as unknown as AdminApiDeps; // the few fields that the door reads, and none of the rest
  const app = fastify();
  registerAdminApi(app, deps);
  return { app, asked };
}

/** An id token as the admin signs it for its extensions, with some of its claims changed. */
function staff(change: Record<string, unknown> = {}, secret = "secret"): { authorization: string } {
  const nowS = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://${SHOP}/admin`,
    dest: `https://${SHOP}`,
    aud: "our-key",
    sub: "81234567890",
    exp: nowS + 60,
    nbf: nowS,
    ...change,
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part({ alg: "HS256" })}.${part(claims)}`;
  return { authorization: `Bearer ${message}.${createHmac("sha256", secret).update(message).digest("base64url")}` };
}

test.each(["order", "customer"])("a member of staff reads what there is about a %s, from any origin", async (kind) => {
  const { app, asked } = buildApp();
  const answer = await app.inject({ method: "GET", url: `/api/admin/${kind}/820982911946154508`, headers: staff() });
  expect([answer.statusCode, answer.json()]).toEqual([200, { referrals: [], ownLink: null }]);
  expect(answer.headers).toMatchObject({ "access-control-allow-origin": "*", "cache-control": "no-store" });
  expect(asked).toEqual([{ kind, id: "820982911946154508" }]);
});

test.each([
  ["no token", {}, 401, "unauthorised"],
  ["another secret's token", staff({}, "other"), 401, "unauthorised"],
  ["a token for another app", staff({ aud: "another" }), 401, "foreign_audience"],
  ["a token that is over", staff({ exp: 1 }), 401, "unauthorised"],
  [
    "a customer's token",
    staff({ iss: undefined, dest: SHOP, sub: "gid://shopify/Customer/7001" }),
    401,
    "unauthorised",
  ],
  ["a customer who says to come from the admin", staff({ sub: "gid://shopify/Customer/7001" }), 401, "unauthorised"],
  ["the admin of another shop", staff({ iss: "https://other.myshopify.com/admin" }), 401, "unauthorised"],
  [
    "a shop without the app",
    staff({ iss: "https://a.myshopify.com/admin", dest: "https://a.myshopify.com" }),
    404,
    "shop_unknown",
  ],
])("the admin's API refuses %s and reads nothing", async (_what, headers, status, code) => {
  const { app, asked } = buildApp();
  const answer = await app.inject({ method: "GET", url: "/api/admin/order/1", headers });
  expect([answer.statusCode, answer.json().error.code, asked.length]).toEqual([status, code, 0]);
});

test.each(["0", "abc", "1e9", "9".repeat(20), "%27"])("the admin's API takes no id that reads %s", async (id) => {
  const { app, asked } = buildApp();
  const answer = await app.inject({ method: "GET", url: `/api/admin/customer/${id}`, headers: staff() });
  expect([answer.statusCode, asked.length]).toEqual([400, 0]);
});

test("the admin's API answers a preflight without a token", async () => {
  const { app } = buildApp();
  const answer = await app.inject({ method: "OPTIONS", url: "/api/admin/order/1" });
  expect([answer.statusCode, answer.headers["access-control-allow-methods"]]).toEqual([204, "GET"]);
});
