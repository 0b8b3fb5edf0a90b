import { setTimeout as sleep } from "node:timers/promises";
import type { Shop } from "../world/types.ts";
import { announce, note, WorldError, type World } from "../world/world.ts";
import { embeddedAppUrl } from "./launch.ts";

/** A usual browser: Shopify's library answers 410 to anything that looks like a program. */
export const BROWSER_USER_AGENT =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

const OPEN_ATTEMPTS_MAX = 20;
const OPEN_PAUSE_MS = 500;
const OPEN_TIMEOUT_MS = 15_000;

/** Grants the app its scopes, as Shopify-managed installation does before the app hears of the shop. */
export function grantInstallation(world: World, shop: Shop, scopes: readonly string[]): void {
  if (shop.installation !== null) return;
  shop.installation = {
    id: world.nextId("AppInstallation"),
    installedAt: world.clock.now(),
    scopes: [...scopes],
    accessTokens: new Map(),
    refreshTokens: new Map(),
    webPixel: null,
  };
  note(world, shop, "The app was installed");
}

/**
 * Opens the app in the admin as a merchant's browser would, so that it exchanges its token and sets itself up.
 * Tries again while the app is not up yet. Throws WorldError 502 when it never answers with a page.
 */
export async function openApp(world: World, shop: Shop): Promise<void> {
  let last = "no answer";
  for (let attempt = 1; attempt <= OPEN_ATTEMPTS_MAX; attempt += 1) {
    try {
      const response = await fetch(embeddedAppUrl(world, shop, "/app"), {
        headers: {
          accept: "text/html",
          "user-agent": BROWSER_USER_AGENT,
          "sec-fetch-dest": "iframe",
          "sec-fetch-mode": "navigate",
        },
        signal: AbortSignal.timeout(OPEN_TIMEOUT_MS),
      });
      await response.arrayBuffer();
      if (response.ok) return;
      last = `status ${response.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(OPEN_PAUSE_MS);
  }
  throw new WorldError(`The app did not open for ${shop.domain}: ${last}.`, 502);
}

/** Takes the app away: `app/uninstalled` goes out and every token is void from now on. */
export function uninstall(world: World, shop: Shop): void {
  if (shop.installation === null) throw new WorldError(`The app is not installed on ${shop.domain}.`, 409);
  announce(world, shop, { topic: "app/uninstalled" });
  shop.installation = null;
  note(world, shop, "The app was uninstalled");
}

/** Grants or takes scopes of an installed app and sends `app/scopes_update`. Tokens keep the scopes they were issued with. */
export function changeScopes(world: World, shop: Shop, scopes: readonly string[]): void {
  const { installation } = shop;
  if (installation === null) throw new WorldError(`The app is not installed on ${shop.domain}.`, 409);
  const previous = installation.scopes;
  installation.scopes = [...scopes];
  announce(world, shop, { topic: "app/scopes_update", previous, current: installation.scopes });
}
