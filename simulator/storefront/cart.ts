import { randomHex } from "../world/ids.ts";
import { printMinor } from "../world/money.ts";
import { priceCart, type LineInput, type PricedCart } from "../world/pricing.ts";
import type { Product, Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";

/** What a visitor has put aside. Lines are by variant id; attributes are what scripts and themes wrote on the cart. */
export type Cart = {
  readonly token: string;
  readonly lines: Map<string, number>;
  readonly attributes: Map<string, string>;
  discountCodes: string[];
  note: string | null;
  /** Made when the checkout is first opened; names the checkout from then on. */
  checkoutToken: string | null;
};

const QUANTITY_MAX = 99;
const ATTRIBUTES_MAX = 50;
const ATTRIBUTE_CHARS_MAX = 2_000;

/** An empty cart with a token of its own. */
export function newCart(): Cart {
  return {
    token: randomHex(16),
    lines: new Map(),
    attributes: new Map(),
    discountCodes: [],
    note: null,
    checkoutToken: null,
  };
}

/** Finds a product by its handle, its id or its variant's id. */
export function findProduct(shop: Shop, wanted: string): Product | null {
  for (const product of shop.products.values()) {
    if (product.handle === wanted || product.variantId === wanted || product.id === wanted) return product;
  }
  return null;
}

/** Sets how many of a variant the cart holds; none or less takes the line away. */
export function setLine(cart: Cart, variantId: string, quantity: number): void {
  const wanted = Math.min(Math.max(Math.trunc(quantity) || 0, 0), QUANTITY_MAX);
  if (wanted === 0) cart.lines.delete(variantId);
  else cart.lines.set(variantId, wanted);
}

/** Merges attributes into the cart's, as `/cart/update.js` does: null takes one away, the others stay. */
export function mergeAttributes(cart: Cart, attributes: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) cart.attributes.delete(name);
    else if (cart.attributes.size < ATTRIBUTES_MAX || cart.attributes.has(name)) {
      cart.attributes.set(name, attributeText(value).slice(0, ATTRIBUTE_CHARS_MAX));
    }
  }
}

function attributeText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The cart's lines as an order takes them. Lines whose product is gone are left out. */
export function cartLines(shop: Shop, cart: Cart): LineInput[] {
  const lines: LineInput[] = [];
  for (const [variantId, quantity] of cart.lines) {
    const product = findProduct(shop, variantId);
    if (product === null) continue;
    const { id, title, priceMinor, giftCard } = product;
    lines.push({ title, priceMinor, quantity, productId: id, variantId, giftCard });
  }
  return lines;
}

/** How many things are in the cart. */
export function itemCount(cart: Cart): number {
  return [...cart.lines.values()].reduce((total, quantity) => total + quantity, 0);
}

type PricingFor = { readonly customerId: string | null; readonly shippingMinor?: bigint };

/** Prices the cart with the codes it holds, for a customer or a stranger. */
export function priceOf(world: World, shop: Shop, cart: Cart, { customerId, shippingMinor }: PricingFor): PricedCart {
  return priceCart(world, shop, {
    lines: cartLines(shop, cart),
    discountCodes: cart.discountCodes,
    customerId,
    shippingMinor,
  });
}

/** The answer of `/cart.js` and its neighbours. Amounts are integers of the smallest unit, as Shopify's Ajax API has them. */
export function cartJson(shop: Shop, cart: Cart, priced: PricedCart): unknown {
  return {
    token: cart.token,
    note: cart.note,
    attributes: Object.fromEntries(cart.attributes),
    original_total_price: Number(priced.subtotalMinor + priced.discountMinor),
    total_price: Number(priced.subtotalMinor),
    total_discount: Number(priced.discountMinor),
    item_count: itemCount(cart),
    items: priced.lines.map(({ input, grossMinor }) => ({
      id: Number(input.variantId),
      key: `${input.variantId}:${cart.token}`,
      variant_id: Number(input.variantId),
      product_id: Number(input.productId),
      quantity: input.quantity,
      title: input.title,
      price: Number(input.priceMinor),
      line_price: Number(grossMinor),
      gift_card: input.giftCard === true,
      url: `/products/${findProduct(shop, input.variantId ?? "")?.handle ?? ""}`,
    })),
    currency: shop.currency,
    requires_shipping: priced.lines.some(({ input }) => input.giftCard !== true),
    discount_codes: cart.discountCodes.map((code) => ({
      code,
      applicable: priced.applications.some((application) => application.code === code),
    })),
  };
}

/** An amount as people read it: "£36.00", "¥3,600". */
export function displayMoney(minor: bigint, currency: string): string {
  // Intl takes a decimal string, so that no amount passes through a float.
  const decimal = printMinor(minor, currency) as `${number}`; // printMinor prints digits, a point and a sign only
  return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(decimal);
}
