import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppConfig } from "../app-config.ts";
import { changeScopes } from "../oauth/installation.ts";
import { html } from "../pages/html.ts";
import { serveAsset } from "../pages/assets.ts";
import { embeddedAppUrl } from "../oauth/launch.ts";
import { adminIdToken } from "../oauth/session-tokens.ts";
import { requireShop, type World } from "../world/world.ts";
import { addSurfaces } from "../storefront/surfaces.ts";
import { customerDetails, orderDetails } from "./details.ts";
import { adminPage, APP_PATH, appFrame, type Place, type Section } from "./frame.ts";
import { customersSection, discountsSection, homeSection, ordersSection } from "./sections.ts";

type ShopParams = { readonly Params: { readonly shop: string; readonly "*"?: string } };

type IdParams = { readonly Params: { readonly shop: string; readonly id: string } };

/** The admin by its own host (`/store/freshbox`) and by path on any (`/_admin/freshbox`). */
const BASES = ["/store", "/_admin"] as const;

const SECTIONS = {
  home: homeSection,
  orders: ordersSection,
  customers: customersSection,
  discounts: discountsSection,
} as const;

const TITLES: Readonly<Record<keyof typeof SECTIONS, string>> = {
  home: "Home",
  orders: "Orders",
  customers: "Customers",
  discounts: "Discounts",
};

const DETAILS = [
  ["orders", orderDetails],
  ["customers", customerDetails],
] as const;

/**
 * Serves the merchant's admin with the app in its frame, the stand-in for App Bridge at `/app-bridge.js`, and the fresh
 * id tokens it asks for.
 */
export function registerAdmin(
  app: FastifyInstance,
  { world, config }: { readonly world: World; readonly config: Pick<AppConfig, "optionalScopes"> },
): void {
  addSurfaces(app, world);
  serveAsset(app, "/app-bridge.js", new URL("assets/app-bridge.js", import.meta.url));
  serveAsset(app, "/_assets/app-bridge.css", new URL("assets/app-bridge.css", import.meta.url));
  serveAsset(app, "/_assets/admin.js", new URL("assets/admin.js", import.meta.url));
  serveAsset(app, "/_assets/admin.css", new URL("assets/admin.css", import.meta.url));
  app.get<{ Querystring: { shop?: string } }>("/_bridge/id-token", (request, reply) => {
    const shop = requireShop(world, request.query.shop ?? "");
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "no-store")
      .send({ idToken: adminIdToken(world, shop) });
  });
  // The merchant who is asked in the simulated admin always says yes to what the app's configuration lists.
  app.post<{ Querystring: { shop?: string; scopes?: string } }>("/_bridge/scopes", (request, reply) => {
    const shop = requireShop(world, request.query.shop ?? "");
    const wanted = (request.query.scopes ?? "").split(",").filter((scope) => config.optionalScopes.includes(scope));
    changeScopes(world, shop, [...new Set([...(shop.installation?.scopes ?? []), ...wanted])]);
    return reply.header("access-control-allow-origin", "*").code(204).send();
  });
  for (const base of BASES) registerBase(app, world, base);
  app.get("/", { constraints: { surface: "admin" } }, (_request, reply) => {
    const [shop] = world.shops.values();
    return shop === undefined ? reply.redirect(`${world.url}/`, 302) : reply.redirect(`/store/${shop.handle}`, 302);
  });
}

function registerBase(app: FastifyInstance, world: World, base: string): void {
  const placeOf = (request: FastifyRequest<ShopParams>): Place => {
    const shop = requireShop(world, request.params.shop);
    return { world, shop, base: `${base}/${shop.handle}` };
  };
  const show = (section: keyof typeof SECTIONS) => (request: FastifyRequest<ShopParams>, reply: FastifyReply) => {
    const place = placeOf(request);
    return send(reply, adminPage(place, { title: TITLES[section], section, body: SECTIONS[section](place) }));
  };
  app.get<ShopParams>(`${base}/:shop`, show("home"));
  for (const section of ["orders", "customers", "discounts"] as const)
    app.get<ShopParams>(`${base}/:shop/${section}`, show(section));

  for (const [section, detailsOf] of DETAILS)
    app.get<IdParams>(`${base}/:shop/${section}/:id`, (request, reply) => {
      const place = placeOf(request);
      return send(reply, adminPage(place, { section, ...detailsOf(place, request.params.id) }));
    });

  const openApp = (request: FastifyRequest<ShopParams>, reply: FastifyReply): FastifyReply => {
    const place = placeOf(request);
    const query = new URL(request.url, "http://admin.localhost").search;
    const src = embeddedAppUrl(world, place.shop, appPathOf(request.params["*"] ?? "") + query);
    return send(reply, adminPage(place, { title: "Goodword", section: "app", body: appFrame(src), frame: { src } }));
  };
  app.get<ShopParams>(`${base}/:shop${APP_PATH}`, openApp);
  app.get<ShopParams>(`${base}/:shop${APP_PATH}/*`, openApp);
  app.get<ShopParams>(`${base}/:shop/*`, (request, reply) => {
    const place = placeOf(request);
    const section: Section = "home";
    const body = html`<h1>Not in this admin</h1>
      <section class="card"><p>The simulated admin has orders, customers, discounts and the app.</p></section>`;
    return send(reply.code(404), adminPage(place, { title: "Not found", section, body }));
  });
}

/** The app's own path for what follows `/apps/goodword` in the admin's address; `/app` may be left out there. */
function appPathOf(rest: string): string {
  const path = `/${rest}`.replace(/\/+/g, "/").replace(/\/$/, "");
  return path === "/app" || path.startsWith("/app/") ? path : `/app${path}`;
}

function send(reply: FastifyReply, page: string): FastifyReply {
  return reply.type("text/html").header("cache-control", "no-store").send(page);
}
