import { createHmac } from "node:crypto";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import type { CustomerApiDeps } from "#app/edge/customer-api.ts";
import { registerCustomerApi } from "#app/edge/customer-api.ts";
import { registerProxyApi } from "#app/edge/proxy-api.ts";

const SECRET = "secret";
/** The one shop that has the app. */
export const SHOP = "freshbox.myshopify.com";
/** What the app's link promises. */
export const WORTH = { referrer: { kind: "fixed", value: "10.00 GBP" }, friend: { kind: "percent", value: "10%" } };

/** What reached a use case. */
export type Call = { readonly name: string; readonly input: Record<string, unknown> };

/** The doors of a customer, with use cases that answer well and remember what they were asked. */
export function buildApp(
  change: Partial<Parameters<typeof registerProxyApi>[1]> = {},
  apiLimits?: NonNullable<CustomerApiDeps["limits"]>,
): {
  app: FastifyInstance;
  calls: Call[];
} {
  const calls: Call[] = [];
  const note = (name: string, { shop: _shop, ...input }: Record<string, unknown>) => void calls.push({ name, input });
  const deps = {
    env: { SHOPIFY_API_KEY: "our-key", SHOPIFY_API_SECRET: SECRET },
    logger: pino({ level: "silent" }),
    shops: {
      byDomain: async (domain: string) =>
        domain === SHOP ? { shopId: "s1", domain, installed: true, language: "en" } : null,
    },
    mintLink: async (input: Record<string, unknown>) => {
      note("mintLink", input);
      return {
        outcome: "existing",
        code: "7QK2A",
        link: "https://freshbox.example/a/r/7QK2A",
        invite: "Hi",
        offer: { referrer: "£10", friend: "£10" },
        worth: WORTH,
      };
    },
    bindCustomer: async (input: Record<string, unknown>) => {
      note("bindCustomer", input);
      return { outcome: "bound" };
    },
    claimWelcome: async (input: Record<string, unknown>) => {
      note("claimWelcome", input);
      return {
        outcome: "claimed",
        welcomeCode: "WELCOME1",
        offer: { referrer: "£10", friend: "£10" },
        from: "Dan",
        retry: false,
        emailFirst: false,
      };
    },
    confirmClick: async (input: Record<string, unknown>) => {
      note("confirmClick", input);
    },
    customerStatus: async () => ({ referrals: [], rewards: [] }),
    appealReferral: async (input: Record<string, unknown>) => {
      note("appealReferral", input);
      return { outcome: "appealed" };
    },
    ...change,
  } as unknown as Parameters<typeof registerProxyApi>[1]; // the few fields that the doors read, and none of the rest
  const app = fastify();
  const { limits: _ofProxy, ...shared } = deps;
  registerCustomerApi(app, apiLimits === undefined ? shared : { ...shared, limits: apiLimits });
  registerProxyApi(app, deps);
  return { app, calls };
}

/** A session token as an extension sends it, with some of its claims changed. */
export function bearer(change: Record<string, unknown> = {}): { authorization: string } {
  const nowS = Math.floor(Date.now() / 1000);
  const claims = {
    dest: SHOP,
    aud: "our-key",
    exp: nowS + 300,
    nbf: nowS,
    sub: "gid://shopify/Customer/7001",
    ...change,
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part({ alg: "HS256" })}.${part(claims)}`;
  return { authorization: `Bearer ${message}.${createHmac("sha256", SECRET).update(message).digest("base64url")}` };
}

/** A path as Shopify signs it for a customer who is logged in, with some of its parameters changed. */
export function signed(path: string, change: Record<string, string> = {}): string {
  const params: Record<string, string> = {
    shop: SHOP,
    path_prefix: "/a/r",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: "7001",
    ...change,
  };
  const message = Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join("");
  return `${path}?${new URLSearchParams({ ...params, signature: createHmac("sha256", SECRET).update(message).digest("hex") }).toString()}`;
}
