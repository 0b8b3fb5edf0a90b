import { html, type Html } from "../pages/html.ts";
import type { PricedCart } from "../world/pricing.ts";
import { displayMoney } from "./cart.ts";
import { totalsList } from "./cart-page.ts";
import { checkoutStart } from "./checkout-page.ts";
import { titleOf } from "./layout.ts";
import type { Visit } from "./sessions.ts";

/**
 * The sheet of a wallet, which knows name, address and card and asks for nothing but a yes: a checkout that no page of the
 * shop was part of. It is paid by the same post as any other.
 */
export function walletPage(now: Visit, priced: PricedCart): Html {
  const { shop, session } = now;
  const name = titleOf(session.identity ?? "visitor");
  const known = checkoutStart(now, null);
  const sheet = {
    email: known.get("email") || `${session.identity ?? "visitor"}@wallet.example`,
    first_name: known.get("first_name") || name,
    last_name: known.get("last_name") || "Holder",
    address1: known.get("address1") || `${Number.parseInt(session.id.slice(0, 2), 16) + 1} Wallet Row`,
    city: known.get("city") || "Leeds",
    zip: known.get("zip") || "LS1 4AP",
    country: shop.countryCode,
    payment: "card",
    card_number: known.get("card_number") ?? "",
    card_expiry: known.get("card_expiry") ?? "",
    card_name: known.get("card_name") || `${name} Holder`,
  };
  return html`<h1>The wallet</h1>
    <div class="boxed">
      <p><strong>${sheet.first_name} ${sheet.last_name}</strong><br />${sheet.address1}, ${sheet.city} ${sheet.zip}</p>
      <p class="hint">${sheet.email}<br />Card ending in ${sheet.card_number.slice(-4)}</p>
      ${totalsList(shop, priced)}
      <form class="pay" method="post" action="/checkout">
        ${Object.entries(sheet).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`)}
        <p>
          <button class="button wallet" type="submit">Pay ${displayMoney(priced.totalMinor, shop.currency)}</button>
        </p>
      </form>
    </div>`;
}
