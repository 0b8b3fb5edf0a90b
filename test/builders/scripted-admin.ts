import type { ShopAdmin, ShopifyAdmin } from "#app/usecases/ports.ts";
import { createFakeShopify } from "./fake-shopify.ts";

/** Shopify for one shop, a few of whose answers a test writes itself; whatever else is asked is answered as by a new shop. */
export function buildShopAdmin(answers: Partial<ShopAdmin>): ShopAdmin {
  return { ...createFakeShopify("GBP").admin.forShop("shop", "shop.myshopify.com"), ...answers };
}

/** As `buildShopAdmin`, for every shop. */
export function buildScriptedShopify(answers: Partial<ShopAdmin>): ShopifyAdmin {
  return { forShop: () => buildShopAdmin(answers) };
}
