import { createHash } from "node:crypto";
import { drawExtensions } from "../extensions/place.ts";
import { html, type Html } from "../pages/html.ts";
import { pixelAtEnd } from "../pixel/pixel.ts";
import { gid } from "../world/ids.ts";
import { orderTotals } from "../world/order-totals.ts";
import type { PricedCart } from "../world/pricing.ts";
import type { Order, Shop } from "../world/types.ts";
import { orderState } from "./account-routes.ts";
import { displayMoney } from "./cart.ts";
import { refusalText, totalsList } from "./cart-page.ts";
import { field } from "./form-body.ts";
import { problemNote } from "./layout.ts";
import { checkedOut, type Visit } from "./sessions.ts";

/** Where the extensions after a checkout get their session tokens: without a customer for a guest. */
export const CHECKOUT_TOKEN_URL = "/checkout/extension-token";

/** What the form starts with: what was typed before, else what the shop knows of the customer. */
export function checkoutStart(now: Visit, typed: URLSearchParams | null): URLSearchParams {
  if (typed !== null) return typed;
  const { customer, session } = now;
  const address = customer?.addresses[0];
  const known = {
    email: customer?.email,
    first_name: customer?.firstName,
    last_name: customer?.lastName,
    address1: address?.address1,
    city: address?.city,
    zip: address?.zip,
    card_number: testCardOf(session.identity ?? session.id),
    card_expiry: "12/30",
    card_name: [customer?.firstName, customer?.lastName].filter(Boolean).join(" "),
  };
  return new URLSearchParams(Object.entries(known).map(([name, value]) => [name, value ?? ""]));
}

/** Each browser has a card of its own, so that two people are two people. */
function testCardOf(holder: string): string {
  const digits = BigInt(`0x${createHash("sha256").update(holder).digest("hex")}`).toString();
  return `4242 42${digits.slice(0, 2)} ${digits.slice(2, 6)} ${digits.slice(6, 10)}`;
}

type CheckoutView = {
  readonly now: Visit;
  readonly priced: PricedCart;
  readonly values: URLSearchParams;
  readonly problem: string | null;
};

/** Contact, delivery, payment, and beside it what it comes to. */
export function checkoutPage({ now, priced, values, problem }: CheckoutView): Html {
  const { shop } = now;
  return html`<h1>Check out</h1>
    ${problemNote(problem)}
    <div class="checkout">
      <form class="stack" id="pay" method="post" action="/checkout">
        <h2>Contact</h2>
        ${textField({ name: "email", label: "E-mail", values, type: "email", complete: "email" })}
        <h2>Delivery</h2>
        <div class="pair">
          ${textField({ name: "first_name", label: "First name", values, complete: "given-name" })}
          ${textField({ name: "last_name", label: "Last name", values, complete: "family-name" })}
        </div>
        ${textField({ name: "address1", label: "Street and number", values, complete: "address-line1" })}
        ${textField({ name: "address2", label: "Flat or floor (optional)", values, complete: "address-line2" })}
        <div class="pair">
          ${textField({ name: "city", label: "Town", values, complete: "address-level2" })}
          ${textField({ name: "zip", label: "Postcode", values, complete: "postal-code" })}
        </div>
        <input type="hidden" name="country" value="${shop.countryCode}" />
        <h2>Payment</h2>
        <fieldset class="choice">
          <legend class="hidden">How to pay</legend>
          <label><input type="radio" name="payment" value="card" checked /> Card</label>
          <label><input type="radio" name="payment" value="paypal" /> PayPal</label>
        </fieldset>
        ${textField({ name: "card_number", label: "Card number", values, complete: "off" })}
        <div class="pair">
          ${textField({ name: "card_expiry", label: "Expiry (MM/YY)", values, complete: "off" })}
          ${textField({ name: "card_name", label: "Name on the card", values, complete: "off" })}
        </div>
        <p class="hint">A test card is filled in, one for each browser. No money moves.</p>
        <button class="button" type="submit">Pay ${displayMoney(priced.totalMinor, shop.currency)}</button>
      </form>
      <aside class="summary" aria-label="Your order">
        <ul class="summary-lines">
          ${priced.lines.map(
            ({ input, grossMinor }) =>
              html`<li>
                <span>${input.quantity} × ${input.title}</span
                ><span class="amount">${displayMoney(grossMinor, shop.currency)}</span>
              </li>`,
          )}
        </ul>
        ${codeForm(checkedOut(now.session).discountCodes, priced)} ${totalsList(shop, priced)}
      </aside>
    </div>`;
}

function textField(facts: {
  name: string;
  label: string;
  values: URLSearchParams;
  type?: string;
  complete: string;
}): Html {
  return html`<label
    >${facts.label}
    <input
      name="${facts.name}"
      type="${facts.type ?? "text"}"
      autocomplete="${facts.complete}"
      value="${field(facts.values, facts.name)}"
  /></label>`;
}

function codeForm(codes: readonly string[], priced: PricedCart): Html {
  return html`<form class="code" method="post" action="/checkout/discount">
      <label>Discount code <input name="code" autocomplete="off" autocapitalize="characters" /></label>
      <button class="button plain" type="submit">Apply</button>
    </form>
    ${priced.refused.map(({ code, reason }) => html`<p class="problem" role="alert">${refusalText(code, reason)}</p>`)}
    ${
      codes.length === 0
        ? null
        : html`<form class="codes" method="post" action="/checkout/discount">
            ${codes.map((code) => html`<button class="tag" name="remove" value="${code}" aria-label="Remove code ${code}">${code} ×</button>`)}
          </form>`
    }`;
}

/** The thank-you page right after buying, and the order's status page later. */
export function orderPage(shop: Shop, order: Order, shown: { justPlaced: boolean; locale: string }): Html {
  const { justPlaced } = shown;
  const totals = orderTotals(order);
  const money = (minor: bigint): string => displayMoney(minor, shop.currency);
  const name = order.shippingAddress?.firstName;
  return html`${
      justPlaced
        ? html`<p class="eyebrow">Order #${order.number}</p>
            <h1>Thank you${name ? `, ${name}` : ""}!</h1>
            <p class="lede">Your box is on its way to the packing table.</p>`
        : html`<h1>Order #${order.number}</h1>`
    }
    <p><span class="state">${orderState(order)}</span></p>
    <ul class="summary-lines boxed">
      ${order.lines.map(
        (line) =>
          html`<li>
            <span>${line.quantity} × ${line.title}</span
            ><span class="amount">${money(line.priceMinor * BigInt(line.quantity))}</span>
          </li>`,
      )}
      ${order.discountApplications.map(
        ({ code, totalMinor }) =>
          html`<li class="off">
            <span>Code <code>${code}</code></span
            ><span class="amount">−${money(totalMinor)}</span>
          </li>`,
      )}
      <li class="total"><span>Total</span><span class="amount">${money(totals.totalMinor)}</span></li>
    </ul>
    ${shop.installation === null ? null : extensionAfter(shop, order, shown)}
    ${justPlaced ? pixelAtEnd(shop, order) : null}
    <p><a href="/">Back to the shop</a></p>`;
}

/** The app's block on either page; what the host tells it of the order differs. */
function extensionAfter(shop: Shop, order: Order, shown: { justPlaced: boolean; locale: string }): Html | null {
  const common = { locale: shown.locale, shop: shop.domain, tokenUrl: CHECKOUT_TOKEN_URL };
  const confirmation = { value: { order: { id: gid("Order", order.id) }, number: String(order.number) } };
  return drawExtensions([
    shown.justPlaced
      ? { ...common, target: "purchase.thank-you.block.render", api: { orderConfirmation: confirmation } }
      : { ...common, target: "customer-account.order-status.block.render" },
  ]);
}
