import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { bundleExtension } from "../extensions/bundle.ts";
import { EXTENSIONS_FOLDER } from "../extensions/catalogue.ts";
import { serveAsset } from "../pages/assets.ts";
import { html, jsonForScript, type Html } from "../pages/html.ts";
import { sessionsOf, visit } from "../storefront/sessions.ts";
import { gid } from "../world/ids.ts";
import type { PixelSighting } from "../world/storefront-types.ts";
import type { Attribute, Order, Shop } from "../world/types.ts";
import { WorldError, type World } from "../world/world.ts";

const ENTRY = join(EXTENSIONS_FOLDER, "referral-pixel/src/index.ts");
const SANDBOX = new URL("assets/pixel-sandbox.js", import.meta.url);
const SIGHTINGS_MAX = 500;

const Sighting = z.object({
  event: z.string().max(60),
  checkoutToken: z.string().max(64),
  outcome: z.enum(["not_allowed", "heard", "told"]),
  tokens: z.number().int().min(0).max(50).default(0),
  status: z.number().int().nullable().default(null),
});

/** Serves the app's web pixel with the sandbox around it, bundled when first asked for, and hears what became of it. */
export function registerPixel(app: FastifyInstance, world: World): void {
  let made: Promise<string> | null = null;
  serveAsset(app, "/_pixel/host.js", new URL("assets/pixel-host.js", import.meta.url));
  app.get("/_pixel/pixel.js", async (_request, reply) => {
    made ??= bundleExtension(ENTRY, world.app.appUrl);
    const script = `${await readFile(SANDBOX, "utf8")}\n${await made}`;
    return reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(script);
  });
  app.post("/_pixel/seen", { constraints: { surface: "storefront" } }, (request, reply) => {
    const seen = Sighting.safeParse(request.body);
    if (!seen.success) throw new WorldError("That is nothing that a pixel does.", 400);
    const { shop } = visit(world, sessionsOf(world), request, reply);
    remember(world, { at: world.clock.now(), shop: shop.domain, ...seen.data });
    return reply.code(204).send();
  });
}

/** Keeps the newest; that the app was told takes the place of the pixel's having heard. */
function remember({ pixelSightings }: World, seen: PixelSighting): void {
  const heard = pixelSightings.findIndex(
    ({ event, checkoutToken, outcome }) =>
      outcome === "heard" && event === seen.event && checkoutToken === seen.checkoutToken,
  );
  if (heard !== -1 && seen.outcome === "told") pixelSightings.splice(heard, 1);
  pixelSightings.push(seen);
  if (pixelSightings.length > SIGHTINGS_MAX) pixelSightings.shift();
}

/** What a pixel is told of a checkout. */
type CheckoutFacts = {
  readonly token: string;
  readonly attributes: readonly Attribute[];
  /** Once there is one: its digits. */
  readonly orderId?: string;
};

/** Lets the app's pixel see a checkout that begins; null where the app has activated none. */
export function pixelAtStart(shop: Shop, checkout: CheckoutFacts): Html | null {
  return pixelScript(shop, "checkout_started", checkout);
}

const completed = new WeakSet<Order>();

/** Lets the app's pixel see a checkout that is through: once for each order, as Shopify does. */
export function pixelAtEnd(shop: Shop, order: Order): Html | null {
  if (completed.has(order) || order.checkoutToken === null) return null;
  completed.add(order);
  const { checkoutToken: token, noteAttributes: attributes, id: orderId } = order;
  return pixelScript(shop, "checkout_completed", { token, attributes, orderId });
}

function pixelScript(shop: Shop, event: string, { token, attributes, orderId }: CheckoutFacts): Html | null {
  const pixel = shop.installation?.webPixel ?? null;
  if (pixel === null) return null;
  const settings: unknown = JSON.parse(pixel.settings);
  const checkout = {
    token,
    attributes: attributes.map(({ name, value }) => ({ key: name, value })),
    order: orderId === undefined ? null : { id: gid("Order", orderId) },
  };
  return html`<script type="application/json" id="pixel-facts">
      ${jsonForScript({ event, checkout, settings, shop: shop.domain })}
    </script>
    <script src="/_pixel/host.js"></script>`;
}
