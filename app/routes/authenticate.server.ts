import type { AppLoadContext } from "@remix-run/node";
import type { AdminLoadContext } from "../admin-context.ts";
import type { Goodword } from "../goodword.ts";
import { simulatorFrames } from "./frame-policy.server.ts";

const APP_BRIDGE_URL = "https://cdn.shopify.com/shopifycloud/app-bridge.js";

export type AdminVisit = {
  readonly goodword: Goodword;
  readonly shop: string;
  readonly shopId: string;
  readonly staffId: string;
};

/**
 * Lets only staff of an installed shop pass, by the session token that Shopify's admin hands to the page.
 * Returns who is asking; throws the `Response` that sends everybody else where Shopify wants them.
 */
export async function authenticateAdmin(request: Request, context: AppLoadContext): Promise<AdminVisit> {
  const { goodword, embedding } = contextOf(context);
  const { session, sessionToken } = await goodword.shopify.authenticate
    .admin(request)
    .catch(async (thrown: unknown) => {
      throw await throughSimulator(thrown, goodword.env.SHOPIFY_SIMULATOR_URL);
    });
  const known = await goodword.shops.byDomain(session.shop);
  if (known === null) throw new Response("This shop is still being set up. Reload in a moment.", { status: 503 });
  embedding.shop = session.shop;
  await goodword.meetStaff({ shopId: known.shopId, subject: sessionToken.sub });
  return { goodword, shop: session.shop, shopId: known.shopId, staffId: sessionToken.sub };
}

/** The typed load context: `app/remix-fastify.ts` hands every request exactly this. */
export function contextOf(context: AppLoadContext): AdminLoadContext {
  return context as AdminLoadContext;
}

/** Where App Bridge is loaded from: Shopify, or the simulator when there is one. */
export function appBridgeUrl(simulatorUrl: string | undefined): string {
  return simulatorUrl === undefined ? APP_BRIDGE_URL : `${simulatorUrl}/app-bridge.js`;
}

/** The library's bounce page names Shopify's own App Bridge; with a simulator the page must not leave this machine. */
async function throughSimulator(thrown: unknown, simulatorUrl: string | undefined): Promise<unknown> {
  const isPage = thrown instanceof Response && (thrown.headers.get("content-type") ?? "").startsWith("text/html");
  if (simulatorUrl === undefined || !isPage) return thrown;
  const headers = new Headers(thrown.headers);
  headers.delete("link");
  const policy = headers.get("content-security-policy")?.replace(/;\s*$/, "");
  if (policy !== undefined)
    headers.set("content-security-policy", [policy, ...simulatorFrames(simulatorUrl)].join(" "));
  return new Response((await thrown.text()).replace(APP_BRIDGE_URL, appBridgeUrl(simulatorUrl)), {
    status: thrown.status,
    headers,
  });
}
