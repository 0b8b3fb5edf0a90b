import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { drawExtensions, localeOf } from "../extensions/place.ts";
import { serveAsset } from "../pages/assets.ts";
import { html, type Html } from "../pages/html.ts";
import { extensionToken } from "../oauth/session-tokens.ts";
import { storefrontPage } from "../storefront/layout.ts";
import { land, sessionsOf, visit, type Visit } from "../storefront/sessions.ts";
import { addSurfaces } from "../storefront/surfaces.ts";
import type { World } from "../world/world.ts";

const HERE = { constraints: { surface: "storefront" } };

/** Where the extensions of the customer account get their session tokens. */
export const ACCOUNT_TOKEN_URL = "/account/extension-token";

/**
 * Serves `/account/referrals`, where the app's full page in the customer account is opened, and the session tokens that its
 * extensions ask for. The account is a place of its own: who is logged in here need not be logged in to the shop.
 */
export function registerAccount(app: FastifyInstance, { world }: { readonly world: World }): void {
  addSurfaces(app, world);
  serveAsset(app, "/_assets/tap.js", new URL("assets/tap.js", import.meta.url));
  const enter = (request: FastifyRequest, reply: FastifyReply): Visit =>
    visit(world, sessionsOf(world), request, reply);

  app.get("/account/referrals", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    if (now.account === null) return reply.redirect("/account/login", 302);
    const page = { title: "Friends", body: referralsPage(now, localeOf(request)), narrow: true };
    return reply.type("text/html").send(storefrontPage(world, now, page));
  });

  app.get(ACCOUNT_TOKEN_URL, HERE, (request, reply) => {
    const { shop, account } = enter(request, reply);
    if (account === null) return reply.code(401).send({ message: "Nobody is logged in." });
    return reply
      .header("cache-control", "no-store")
      .send({ token: extensionToken(world, shop, { customer: account }) });
  });
}

function referralsPage({ shop }: Visit, locale: string): Html {
  const target = "customer-account.page.render";
  const place = { target, locale, shop: shop.domain, tokenUrl: ACCOUNT_TOKEN_URL };
  return html`<p><a href="/account">‹ Your account</a></p>
    <p class="hint" id="tap"></p>
    <script src="/_assets/tap.js"></script>
    ${drawExtensions([place])}`;
}
