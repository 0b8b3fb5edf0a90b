import { html, type Html } from "../pages/html.ts";
import type { Product, Shop } from "../world/types.ts";
import { heroPicture, productPicture } from "./art.ts";
import { displayMoney } from "./cart.ts";
import { referBlock } from "./refer-block.ts";
import type { Visit } from "./sessions.ts";

/** The home page: what the shop is, and all it sells. */
export function homePage(now: Pick<Visit, "shop" | "customer">): Html {
  const { shop } = now;
  return html`<section class="hero">
      <div>
        <p class="eyebrow">Picked on Sunday, at your door on Monday</p>
        <h1>Good food, grown close by.</h1>
        <p class="lede">
          Boxes of organic fruit and vegetables from farms we know by name. One box at a time: no subscription.
        </p>
        <p><a class="button" href="#boxes">Choose a box</a></p>
      </div>
      ${heroPicture()}
    </section>
    <section id="boxes" aria-labelledby="boxes-title">
      <h2 id="boxes-title">This week</h2>
      <ul class="cards">
        ${[...shop.products.values()].map((product) => productCard(shop, product))}
      </ul>
    </section>
    <section class="promise" aria-label="How it works">
      <div>
        <h3>Grown, not flown</h3>
        <p>Nothing in the box has seen an airport.</p>
      </div>
      <div>
        <h3>What is ripe is in</h3>
        <p>We pack on Sunday what the fields gave on Saturday.</p>
      </div>
      <div>
        <h3>The crate comes back</h3>
        <p>Leave it at the door; we wash it and fill it again.</p>
      </div>
    </section>
    ${referBlock(now)}`;
}

function productCard(shop: Shop, product: Product): Html {
  return html`<li class="card">
    <a href="/products/${product.handle}">
      ${productPicture(product.handle)}
      <span class="card-title">${product.title}</span>
      <span class="card-text">${product.description}</span>
      <span class="price">${displayMoney(product.priceMinor, shop.currency)}</span>
    </a>
  </li>`;
}

/** One product with its form for the basket. */
export function productPage(shop: Shop, product: Product): Html {
  return html`<section class="product">
    ${productPicture(product.handle)}
    <div>
      <h1>${product.title}</h1>
      <p class="price">${displayMoney(product.priceMinor, shop.currency)}</p>
      <p class="lede">${product.description}</p>
      <form class="buy" method="post" action="/cart/add">
        <input type="hidden" name="id" value="${product.variantId}" />
        <label>How many <input name="quantity" type="number" inputmode="numeric" min="1" max="99" value="1" /></label>
        <button class="button" type="submit">Add to basket</button>
        <div class="express">
          <button class="button plain" type="submit" formaction="/cart/express">Buy it now</button>
          <button class="button wallet" type="submit" formaction="/cart/express" name="wallet" value="1">
            Pay with the wallet
          </button>
        </div>
      </form>
      <ul class="facts">
        <li>Delivered on Monday, in a crate we take back</li>
        <li>Free delivery</li>
      </ul>
    </div>
  </section>`;
}

/** What a page says that is not there. */
export function missingPage(): Html {
  return html`<section class="quiet">
    <h1>Nothing grows here</h1>
    <p>The page you were looking for is not in this shop.</p>
    <p><a class="button" href="/">To the boxes</a></p>
  </section>`;
}
