import { html, htmlDocument, jsonForScript, type Html } from "../pages/html.ts";
import type { Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";

/** Where an admin page hangs: "/store/freshbox" on the admin's own host, "/_admin/freshbox" on any. */
export type Place = { readonly world: World; readonly shop: Shop; readonly base: string };

export type Section = "home" | "orders" | "customers" | "discounts" | "app";

/** The part of the admin's path under which the app's frame lives. */
export const APP_PATH = "/apps/goodword";

const SECTIONS: readonly (readonly [Section, string, string])[] = [
  ["home", "", "Home"],
  ["orders", "/orders", "Orders"],
  ["customers", "/customers", "Customers"],
  ["discounts", "/discounts", "Discounts"],
];

type AdminPage = {
  readonly title: string;
  readonly section: Section;
  readonly body: Html;
  readonly frame?: { readonly src: string };
};

/** The admin's frame around one page: shop, sections, and the app with the links it declares. */
export function adminPage({ world, shop, base }: Place, page: AdminPage): string {
  const link = ([section, path, label]: (typeof SECTIONS)[number]): Html =>
    html`<li>
      <a href="${base}${path}" ${section === page.section ? html`aria-current="page"` : null}>${label}</a>
    </li>`;
  const installed = shop.installation !== null;
  const body = html`<body class="${page.frame ? "framed" : ""}">
    <header class="bar">
      <button class="menu-button" type="button" aria-expanded="false" aria-controls="nav">Menu</button>
      <strong>${shop.name}</strong>
      <span class="honest">Simulated admin</span>
      <a href="${world.url}/">Simulated world</a>
    </header>
    <div class="columns">
      <nav id="nav" aria-label="Shop">
        <ul>
          ${SECTIONS.map(link)}
        </ul>
        <h2>Apps</h2>
        <ul id="app-nav" data-base="${base}${APP_PATH}">
          <li>
            <a href="${base}${APP_PATH}" ${page.section === "app" ? html`aria-current="page"` : null}>Goodword</a>
          </li>
        </ul>
        ${installed ? null : html`<p class="hint">Not installed yet: opening it installs it.</p>`}
      </nav>
      <main id="main">${page.body}</main>
    </div>
    <script type="application/json" id="frame-facts">
      ${jsonForScript({ base, appPath: APP_PATH, appOrigin: new URL(world.app.appUrl).origin })}
    </script>
    <script src="/_assets/admin.js"></script>
  </body>`;
  return htmlDocument({ title: `${page.title} · ${shop.name} admin`, styles: ["/_assets/admin.css"] }, body);
}

/** The page that holds the app: nothing but its frame. */
export function appFrame(src: string): Html {
  return html`<div class="loading" id="loading" aria-hidden="true"></div>
    <iframe id="app" title="Goodword" src="${src}" allow="clipboard-write"></iframe>`;
}
