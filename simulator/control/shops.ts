import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { changeScopes, grantInstallation, openApp, uninstall } from "../oauth/installation.ts";
import { adminIdToken } from "../oauth/session-tokens.ts";
import { createShop, storefrontUrl, updateShop } from "../world/shops.ts";
import type { Shop } from "../world/types.ts";
import { announce, requireShop } from "../world/world.ts";
import { bothIds, read, ShopParams } from "./input.ts";

const Settings = z.object({
  name: z.string().optional(),
  domains: z.array(z.string()).min(1).optional(),
  customerAccounts: z.enum(["new", "classic"]).optional(),
  protectedFields: z.boolean().optional(),
  usageLimit: z.enum(["code", "discount"]).optional(),
  orderCountLagMs: z.number().nonnegative().optional(),
  consentCountries: z.array(z.string().length(2)).optional(),
  rivalApp: z.enum(["none", "on_pages", "at_checkout"]).optional(),
});
/** The Admin API's bucket of the shop's plan. */
const Bucket = z.object({ maximumAvailable: z.number().positive(), restoreRate: z.number().positive() });
const Change = Settings.extend({ currency: z.string().length(3).optional() });
const NewShop = Change.extend({
  shop: z.string(),
  install: z.boolean().default(false),
  bucket: Bucket.optional(),
});
const Scopes = z.object({ scopes: z.array(z.string()).optional() });

/** `/_control/shops`: open, install, change, uninstall, redact. */
export function registerShopControl(server: FastifyInstance, simulator: Simulator): void {
  const { world, config } = simulator;

  server.get("/_control/shops", () => [...world.shops.values()].map(shopAnswer));

  server.post("/_control/shops", async (request) => {
    const body = read(NewShop, request.body);
    const shop = createShop(world, body);
    changeHabits(shop, body);
    if (body.bucket !== undefined) simulator.throttle.resize(shop.domain, body.bucket);
    if (body.install) {
      grantInstallation(world, shop, config.scopes);
      await openApp(world, shop);
    }
    return shopAnswer(shop);
  });

  server.post("/_control/shops/:shop/install", async (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    grantInstallation(world, shop, read(Scopes, request.body).scopes ?? config.scopes);
    await openApp(world, shop);
    return shopAnswer(shop);
  });

  server.post("/_control/shops/:shop/update", (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    const { name, currency, domains, ...switches } = read(Change, request.body);
    shop.customerAccounts = switches.customerAccounts ?? shop.customerAccounts;
    shop.protectedFields = switches.protectedFields ?? shop.protectedFields;
    shop.usageLimit = switches.usageLimit ?? shop.usageLimit;
    shop.orderCountLagMs = switches.orderCountLagMs ?? shop.orderCountLagMs;
    changeHabits(shop, switches);
    if (name !== undefined || currency !== undefined || domains !== undefined)
      updateShop(world, shop, { name, currency, domains });
    return shopAnswer(shop);
  });

  server.post("/_control/shops/:shop/scopes", (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    changeScopes(world, shop, read(Scopes, request.body).scopes ?? config.scopes);
    return shopAnswer(shop);
  });

  server.post("/_control/shops/:shop/uninstall", (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    uninstall(world, shop);
    return shopAnswer(shop);
  });

  server.post("/_control/shops/:shop/redact", (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    announce(world, shop, { topic: "shop/redact" });
    return shopAnswer(shop);
  });

  server.post("/_control/shops/:shop/id-token", (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    return { token: adminIdToken(world, shop) };
  });

  server.post("/_control/shops/:shop/tokens", (request) => {
    const shop = requireShop(world, read(ShopParams, request.params).shop);
    const { revoke } = read(z.object({ revoke: z.enum(["access", "all"]) }), request.body);
    shop.installation?.accessTokens.clear();
    if (revoke === "all") shop.installation?.refreshTokens.clear();
    return shopAnswer(shop);
  });
}

function changeHabits({ habits }: Shop, wanted: z.output<typeof Settings>): void {
  habits.consentCountries = wanted.consentCountries ?? habits.consentCountries;
  habits.rivalApp = wanted.rivalApp ?? habits.rivalApp;
}

function shopAnswer(shop: Shop) {
  return {
    ...bothIds("Shop", shop.id),
    shop: shop.domain,
    name: shop.name,
    currency: shop.currency,
    domains: shop.domains,
    storefrontUrl: storefrontUrl(shop),
    customerAccounts: shop.customerAccounts,
    protectedFields: shop.protectedFields,
    usageLimit: shop.usageLimit,
    ...shop.habits,
    installed: shop.installation !== null,
    scopes: shop.installation?.scopes ?? [],
  };
}
