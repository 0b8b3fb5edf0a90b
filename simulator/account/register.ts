import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { html, jsonForScript, type Html } from "../pages/html.ts";
import { serveAsset } from "../pages/assets.ts";
import { extensionToken } from "../oauth/session-tokens.ts";
import { storefrontPage } from "../storefront/layout.ts";
import { land, sessionsOf, visit, type Visit } from "../storefront/sessions.ts";
import { addSurfaces } from "../storefront/surfaces.ts";
import type { World } from "../world/world.ts";

const HERE = { constraints: { surface: "storefront" } };

/**
 * Serves `/account/referrals`: where the app's customer-account extension will stand, a plain page that calls the same
 * two routes of the app, from the browser, with the session token an extension would have.
 */
export function registerAccount(app: FastifyInstance, { world }: { readonly world: World }): void {
  addSurfaces(app, world);
  serveAsset(app, "/_assets/referrals.js", new URL("assets/referrals.js", import.meta.url));
  serveAsset(app, "/_assets/referrals.css", new URL("assets/referrals.css", import.meta.url));
  const enter = (request: FastifyRequest, reply: FastifyReply): Visit =>
    visit(world, sessionsOf(world), request, reply);

  app.get("/account/referrals", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    if (now.customer === null) return reply.redirect("/account/login", 302);
    const page = {
      title: "Friends",
      body: referralsPage(world.app.appUrl),
      narrow: true,
      head: html`<link rel="stylesheet" href="/_assets/referrals.css" />`,
    };
    return reply.type("text/html").send(storefrontPage(world, now, page));
  });

  app.get("/account/extension-token", HERE, (request, reply) => {
    const { shop, customer } = enter(request, reply);
    if (customer === null) return reply.code(401).send({ message: "Nobody is logged in." });
    return reply.header("cache-control", "no-store").send({ token: extensionToken(world, shop, { customer }) });
  });
}

function referralsPage(appUrl: string): Html {
  return html`<p><a href="/account">‹ Your account</a></p>
    <h1>Share a box with a friend</h1>
    <div id="referrals" aria-live="polite"><p class="hint">Fetching your link…</p></div>
    <p class="hint stand-in">
      This page stands where Goodword's customer-account extension is shown, and talks to the app as it does.
    </p>
    <script type="application/json" id="referrals-facts">
      ${jsonForScript({ appUrl })}
    </script>
    <script src="/_assets/referrals.js"></script>`;
}
