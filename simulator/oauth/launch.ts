import { createHmac } from "node:crypto";
import type { Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { adminIdToken } from "./session-tokens.ts";

/**
 * Builds the address under which the admin opens the app in its frame: signed, with a fresh id token.
 * `path` is a path of the app ("/app/program"), with or without a query of its own.
 */
export function embeddedAppUrl(world: World, shop: Shop, path: string): string {
  const url = new URL(path, world.app.appUrl);
  const parameters: Record<string, string> = {
    embedded: "1",
    host: Buffer.from(`admin.shopify.com/store/${shop.handle}`).toString("base64").replaceAll("=", ""),
    id_token: adminIdToken(world, shop),
    locale: "en",
    session: createHmac("sha256", shop.domain).update("session").digest("hex"),
    shop: shop.domain,
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  const message = Object.entries(parameters)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join("&");
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value);
  url.searchParams.set("hmac", createHmac("sha256", world.app.apiSecret).update(message).digest("hex"));
  return url.href;
}
