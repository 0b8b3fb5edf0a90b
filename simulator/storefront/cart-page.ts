import { html, type Html } from "../pages/html.ts";
import type { PricedCart } from "../world/pricing.ts";
import type { Shop } from "../world/types.ts";
import { productPicture } from "./art.ts";
import { displayMoney, findProduct } from "./cart.ts";

type CodeRefusal = PricedCart["refused"][number]["reason"];

const REFUSALS: Readonly<Record<CodeRefusal, string>> = {
  not_found: "is not a code of this shop.",
  not_active: "is not valid today.",
  used_up: "has been used already.",
  used_by_customer: "has been used by you already.",
  wrong_customer: "belongs to somebody else. Log in if it is yours.",
  below_minimum: "needs a larger order.",
  cannot_combine: "cannot be combined with another code.",
};

/** Why a code does not count, in the shop's words. */
export function refusalText(code: string, reason: CodeRefusal): string {
  return `${code} ${REFUSALS[reason]}`;
}

/** The basket, or an invitation to fill it. */
export function cartPage(shop: Shop, priced: PricedCart): Html {
  if (priced.lines.length === 0) {
    return html`<section class="quiet">
      <h1>Your basket is empty</h1>
      <p>There is a lot that is ripe this week.</p>
      <p><a class="button" href="/#boxes">Choose a box</a></p>
    </section>`;
  }
  const money = (minor: bigint): string => displayMoney(minor, shop.currency);
  return html`<h1>Your basket</h1>
    <form class="cart" method="post" action="/cart">
      <ul class="lines">
        ${priced.lines.map(({ input, grossMinor }) => {
          const handle = findProduct(shop, input.variantId ?? "")?.handle ?? "";
          return html`<li>
            <a href="/products/${handle}" tabindex="-1" aria-hidden="true">${productPicture(handle)}</a>
            <a class="line-title" href="/products/${handle}">${input.title}</a>
            <label
              ><span class="hidden">How many of ${input.title}</span>
              <input
                name="updates[${input.variantId}]"
                type="number"
                inputmode="numeric"
                min="0"
                max="99"
                value="${input.quantity}"
              />
            </label>
            <span class="amount">${money(grossMinor)}</span>
          </li>`;
        })}
      </ul>
      ${priced.refused.map(({ code, reason }) => html`<p class="hint">${refusalText(code, reason)}</p>`)}
      <div class="totals">${totalsList(shop, priced)}</div>
      <div class="actions">
        <button class="button plain" type="submit" name="update">Update basket</button>
        <button class="button" type="submit" name="checkout">Check out</button>
      </div>
    </form>`;
}

/** Discounts, delivery and total of a priced cart. */
export function totalsList(shop: Shop, priced: PricedCart): Html {
  const money = (minor: bigint): string => displayMoney(minor, shop.currency);
  return html`<dl class="sums">
      <div>
        <dt>Goods</dt>
        <dd>${money(priced.subtotalMinor + priced.discountMinor)}</dd>
      </div>
      ${priced.applications.map(
        ({ code, totalMinor }) =>
          html`<div class="off">
            <dt>Code <code>${code}</code></dt>
            <dd>−${money(totalMinor)}</dd>
          </div>`,
      )}
      <div>
        <dt>Delivery</dt>
        <dd>${priced.shippingMinor === 0n ? "Free" : money(priced.shippingMinor)}</dd>
      </div>
      ${
        shop.taxesIncluded
          ? null
          : html`<div>
              <dt>Tax</dt>
              <dd>${money(priced.taxMinor)}</dd>
            </div>`
      }
      <div class="total">
        <dt>Total</dt>
        <dd>${money(priced.totalMinor)}</dd>
      </div>
    </dl>
    ${shop.taxesIncluded && priced.taxMinor > 0n ? html`<p class="hint">Includes ${money(priced.taxMinor)} tax.</p>` : null}`;
}
