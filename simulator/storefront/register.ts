import type { FastifyInstance } from "fastify";
import type { Simulator } from "../context.ts";
import { serveAsset } from "../pages/assets.ts";
import { registerPixel } from "../pixel/pixel.ts";
import { WorldError, type World } from "../world/world.ts";
import { registerCustomerPages } from "./account-routes.ts";
import { findProduct } from "./cart.ts";
import { registerCart } from "./cart-routes.ts";
import { registerCheckout } from "./checkout-routes.ts";
import { acceptForms } from "./form-body.ts";
import { registerIdentities } from "./identity-routes.ts";
import { storefrontPage, STYLES } from "./layout.ts";
import { registerOrderPages } from "./order-routes.ts";
import { registerPrivacy } from "./privacy.ts";
import { registerProxy } from "./proxy-routes.ts";
import { registerRival } from "./rival.ts";
import { land, sessionsOf, visit } from "./sessions.ts";
import { homePage, missingPage, productPage } from "./shop-pages.ts";
import { addSurfaces } from "./surfaces.ts";

const HERE = { constraints: { surface: "storefront" } };

/** The script that the theme extension ships: shops of the simulator load the very file that real shops get. */
const REFERRAL_SCRIPT = new URL("../../extensions/referral-storefront/assets/referral.js", import.meta.url);

/**
 * Serves every shop at its own host: pages, cart, accounts, checkout, and the app proxy.
 * Shops that are opened later are served too.
 */
export function registerStorefront(app: FastifyInstance, { world, config }: Pick<Simulator, "world" | "config">): void {
  addSurfaces(app, world);
  for (const path of STYLES) serveAsset(app, path, new URL(path.replace("/_assets/", "assets/"), import.meta.url));
  serveAsset(app, "/_assets/privacy.js", new URL("assets/privacy.js", import.meta.url));
  serveAsset(app, "/_assets/referral.js", REFERRAL_SCRIPT);
  for (const file of ["refer-a-friend.js", "refer-a-friend.css"])
    serveAsset(app, `/_assets/${file}`, new URL(file, REFERRAL_SCRIPT));
  registerProxy(app, { world, config });
  registerPixel(app, world);
  void app.register(async (scope) => {
    acceptForms(scope);
    showMistakes(scope, world);
    registerShopPages(scope, world);
    registerCart(scope, world);
    registerCustomerPages(scope, world);
    registerCheckout(scope, world);
    registerOrderPages(scope, world);
    registerIdentities(scope, world);
    registerPrivacy(scope, world);
    registerRival(scope, world);
  });
}

function registerShopPages(scope: FastifyInstance, world: World): void {
  scope.get("/", HERE, (request, reply) => {
    const now = visit(world, sessionsOf(world), request, reply);
    land(now.session, request);
    return reply
      .type("text/html")
      .send(storefrontPage(world, now, { title: "Boxes of good food", body: homePage(now) }));
  });

  scope.get<{ Params: { handle: string } }>("/products/:handle", HERE, (request, reply) => {
    const now = visit(world, sessionsOf(world), request, reply);
    land(now.session, request);
    const product = findProduct(now.shop, request.params.handle);
    const page =
      product === null
        ? { title: "Not found", body: missingPage() }
        : { title: product.title, body: productPage(now.shop, product) };
    return reply
      .code(product === null ? 404 : 200)
      .type("text/html")
      .send(storefrontPage(world, now, page));
  });

  scope.get("/*", HERE, (request, reply) => {
    const now = visit(world, sessionsOf(world), request, reply);
    land(now.session, request);
    return reply
      .code(404)
      .type("text/html")
      .send(storefrontPage(world, now, { title: "Not found", body: missingPage() }));
  });
}

/** What a visitor asked for wrongly is told as JSON to scripts and as a page to people; faults of ours go on to the server. */
function showMistakes(scope: FastifyInstance, world: World): void {
  scope.setErrorHandler((error, request, reply) => {
    if (!(error instanceof WorldError)) throw error;
    const wantsPage = request.headers.accept?.includes("text/html") === true;
    reply.code(error.status);
    if (!wantsPage) return reply.send({ status: error.status, message: error.message, description: error.message });
    const now = visit(world, sessionsOf(world), request, reply);
    return reply.type("text/html").send(storefrontPage(world, now, { title: "Not found", body: missingPage() }));
  });
}
