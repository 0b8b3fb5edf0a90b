import type { FastifyInstance } from "fastify";
import { html, type Html } from "../pages/html.ts";
import type { Attribute } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { mergeAttributes, type Cart } from "./cart.ts";
import { sessionsOf, visit, type Visit } from "./sessions.ts";

/** What the other app of this world puts on a cart: it asks about gift wrap and thinks that the cart is its own. */
const ATTRIBUTES = { gift_wrap: "no" } as const;

/**
 * The other app's call. As the standard action `Shopify.actions.updateCart({attributes})` does, it replaces the whole set of
 * the cart's attributes; its script then tells the page so.
 */
export function registerRival(scope: FastifyInstance, world: World): void {
  scope.post("/_rival/attributes", { constraints: { surface: "storefront" } }, (request, reply) => {
    const { cart } = visit(world, sessionsOf(world), request, reply).session;
    cart.attributes.clear();
    mergeAttributes(cart, ATTRIBUTES);
    return reply.send({ attributes: Object.fromEntries(cart.attributes) });
  });
}

/** The other app's script, where it runs on pages. */
export function rivalScript({ shop }: Pick<Visit, "shop">): Html | null {
  if (shop.habits.rivalApp !== "on_pages") return null;
  return html`<script>
    window.addEventListener("load", () => {
      const replaced = fetch("/_rival/attributes", { method: "POST" });
      const event = Object.assign(new Event("shopify:cart:attributes-update"), { promise: replaced });
      document.dispatchEvent(event);
    });
  </script>`;
}

/** The attributes that an order gets of a cart, after the other app had its way at the checkout. */
export function attributesFor({ shop }: Pick<Visit, "shop">, cart: Cart): Attribute[] {
  const left = shop.habits.rivalApp === "at_checkout" ? Object.entries(ATTRIBUTES) : [...cart.attributes];
  return left.map(([name, value]) => ({ name, value }));
}
