import { html, htmlDocument, jsonForScript, type Html } from "../pages/html.ts";
import type { World } from "../world/world.ts";
import { shopMark } from "./art.ts";
import { bannerTexts } from "./banner-texts.ts";
import { itemCount } from "./cart.ts";
import { browserNote, consentAgain, consentBanner, privacyHead } from "./privacy.ts";
import { rivalScript } from "./rival.ts";
import type { Visit } from "./sessions.ts";

export type Page = { readonly title: string; readonly body: Html; readonly head?: Html; readonly narrow?: boolean };

/** Served by `registerStorefront` from the folder beside this file. */
export const STYLES = [
  "/_assets/storefront.css",
  "/_assets/shop.css",
  "/_assets/buying.css",
  "/_assets/privacy.css",
] as const;

/** The path under which shops reach the app through the app proxy, as `shopify.app.toml` sets it for new installs. */
export const PROXY_ROOT = "/a/r";

/**
 * The theme's frame: header, page, footer, and the app embed as the theme extension renders it.
 * @returns the document as text
 */
export function storefrontPage(world: World, visit: Visit, page: Page): string {
  const { shop, session, customer } = visit;
  const count = itemCount(session.cart);
  const body = html`<body>
    <a class="skip" href="#main">Skip to the page</a>
    <header class="top">
      <a class="brand" href="/">${shopMark()}<span>${shop.name}</span></a>
      <nav aria-label="Shop">
        <a href="/#boxes">Boxes</a>
        <a href="/account">${customer ? (customer.firstName ?? "Account") : "Log in"}</a>
        <a class="basket" href="/cart">Basket<span class="count" aria-label="${count} in the basket">${count}</span></a>
      </nav>
    </header>
    <main id="main" class="${page.narrow === true ? "narrow" : ""}">${page.body}</main>
    <footer class="foot">
      <p><strong>${shop.name}</strong> is a pretend shop. Nothing is charged and nothing is delivered.</p>
      <p>
        ${session.identity === null ? "You are a visitor." : html`You are browsing as <strong>${titleOf(session.identity)}</strong>.`}
        ${browserNote(session)}
        <a href="${world.url}/">Back to the simulated world</a>
      </p>
      ${consentAgain(visit)}
    </footer>
    ${consentBanner(visit)} ${appEmbed(visit)} ${rivalScript(visit)}
  </body>`;
  const head = html`${shoppersClock(world)}${themeGlobal(visit)}${privacyHead(visit)}${page.head}`;
  return htmlDocument({ title: `${page.title} · ${shop.name}`, styles: STYLES, head }, body);
}

/** The shopper lives in the world's time too: scripts of the page read the simulated clock, not the machine's. */
function shoppersClock(world: World): Html {
  return html`<script>
    {
      const shiftMs = Date.parse(${jsonForScript(world.clock.now().toISOString())}) - Date.now();
      if (Math.abs(shiftMs) > 60_000) {
        const RealDate = Date;
        window.Date = class extends RealDate {
          constructor(...facts) {
            super(...(facts.length === 0 ? [RealDate.now() + shiftMs] : facts));
          }
          static now() {
            return RealDate.now() + shiftMs;
          }
        };
      }
    }
  </script>`;
}

/** What every storefront page of Shopify gives to scripts. */
function themeGlobal({ shop }: Visit): Html {
  return html`<script>
    window.Shopify =
      ${jsonForScript({ shop: shop.domain, routes: { root: "/" }, currency: { active: shop.currency } })};
  </script>`;
}

function appEmbed({ shop, customer }: Visit): Html | null {
  if (shop.installation === null) return null;
  const { locale, banner, friend, dismiss } = bannerTexts("en");
  return html`<script
    async
    src="/_assets/referral.js"
    data-proxy-root="${PROXY_ROOT}"
    data-customer="${customer ? "1" : ""}"
    data-locale="${locale}"
    data-banner="${banner}"
    data-friend="${friend}"
    data-dismiss="${dismiss}"
  ></script>`;
}

/** "mara" is shown as "Mara". */
export function titleOf(identity: string): string {
  return identity.charAt(0).toUpperCase() + identity.slice(1).replaceAll("-", " ");
}

/** A problem with a form, read out at once; nothing when there is none. */
export function problemNote(problem: string | null): Html | null {
  return problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`;
}
