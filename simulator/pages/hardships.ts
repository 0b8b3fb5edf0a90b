import { html, type Html } from "./html.ts";
import { CONSENT_COUNTRIES } from "../storefront/privacy.ts";
import type { Shop } from "../world/types.ts";

type Hardship = {
  readonly label: string;
  readonly about: string;
  readonly isOn: (shop: Shop) => boolean;
  /** What the control API is told to switch it on and off. */
  readonly on: Readonly<Record<string, unknown>>;
  readonly off: Readonly<Record<string, unknown>>;
};

const HARDSHIPS: readonly Hardship[] = [
  {
    label: "Ask for consent",
    about: "Visitors from Europe are asked about cookies; until they accept, nothing may be kept.",
    isOn: ({ habits }) => habits.consentCountries.length > 0,
    on: { consentCountries: CONSENT_COUNTRIES },
    off: { consentCountries: [] },
  },
  {
    label: "Another app on the pages",
    about: "It replaces the cart's attributes on every page. Ours may put them back.",
    isOn: ({ habits }) => habits.rivalApp === "on_pages",
    on: { rivalApp: "on_pages" },
    off: { rivalApp: "none" },
  },
  {
    label: "Another app at the checkout",
    about: "It replaces the cart's attributes as the order is placed. Nobody can put them back.",
    isOn: ({ habits }) => habits.rivalApp === "at_checkout",
    on: { rivalApp: "at_checkout" },
    off: { rivalApp: "none" },
  },
];

/** Switches for what keeps a tap from being found again: consent, and other apps' hands on the cart. */
export function hardshipsSection(shop: Shop): Html {
  return html`<section aria-labelledby="hardships">
    <h2 id="hardships">Make it harder</h2>
    <ul class="places">
      ${HARDSHIPS.map(({ label, about, isOn, on, off }) => {
        const facts = { shop: shop.domain, on, off };
        return html`<li class="panel">
          <strong>${label}</strong>
          <span class="hint">${about}</span>
          <span class="actions">
            <button
              class="button plain"
              type="button"
              aria-label="${isOn(shop) ? "Switch off" : "Switch on"}: ${label}"
              data-on="${isOn(shop) ? "yes" : "no"}"
              data-hardship="${JSON.stringify(facts)}"
            >
              ${isOn(shop) ? "Switch off" : "Switch on"}
            </button>
          </span>
        </li>`;
      })}
    </ul>
    <p class="hint">
      Buy it now and the wallet are on every product's page; a link can be tapped in a chat app's browser, which keeps
      nothing, from Dan's page about friends. <a href="/pixel">What the web pixel saw</a>
    </p>
  </section>`;
}
