import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { WorldError, type World } from "../world/world.ts";
import type { Shop } from "../world/types.ts";
import { cartJson, findProduct, mergeAttributes, newCart, priceOf, setLine, type Cart } from "./cart.ts";
import { cartPage } from "./cart-page.ts";
import { field, formOf } from "./form-body.ts";
import { storefrontPage } from "./layout.ts";
import { land, sessionsOf, visit, type Visit } from "./sessions.ts";

const HERE = { constraints: { surface: "storefront" } };

type Wanted = { readonly id: string; readonly quantity: number };

/** Shopify's Ajax cart (`/cart.js` and its neighbours), the cart page with its form, and `/discount/{code}`. */
export function registerCart(scope: FastifyInstance, world: World): void {
  const enter = (request: FastifyRequest, reply: FastifyReply): Visit =>
    visit(world, sessionsOf(world), request, reply);
  const answer = (now: Visit): unknown => cartJson(now.shop, now.session.cart, pricedFor(world, now));

  scope.get("/cart.js", HERE, (request, reply) => answer(enter(request, reply)));

  scope.post("/cart/add.js", HERE, (request, reply) => {
    const now = enter(request, reply);
    addTo(now.shop, now.session.cart, wantedItems(request.body));
    return answer(now);
  });

  scope.post("/cart/update.js", HERE, (request, reply) => {
    const now = enter(request, reply);
    applyUpdate(now, request.body);
    return answer(now);
  });

  scope.post("/cart/change.js", HERE, (request, reply) => {
    const now = enter(request, reply);
    for (const { id, quantity } of wantedItems(request.body))
      setLine(now.session.cart, id.split(":")[0] ?? "", quantity);
    return answer(now);
  });

  scope.post("/cart/clear.js", HERE, (request, reply) => {
    const now = enter(request, reply);
    now.session.cart.lines.clear();
    return answer(now);
  });

  scope.post("/cart/add", HERE, (request, reply) => {
    const { shop, session } = enter(request, reply);
    addTo(shop, session.cart, wantedItems(request.body));
    return reply.redirect("/cart", 303);
  });

  scope.post("/cart", HERE, (request, reply) => {
    const now = enter(request, reply);
    now.session.expressCart = null;
    applyForm(now, formOf(request.body));
    return reply.redirect(formOf(request.body).has("checkout") ? "/checkout" : "/cart", 303);
  });

  // "Buy it now" and the wallet: a cart of its own, which no script of the page ever saw
  scope.post("/cart/express", HERE, (request, reply) => {
    const now = enter(request, reply);
    const cart = newCart();
    addTo(now.shop, cart, wantedItems(request.body));
    now.session.expressCart = cart;
    return reply.redirect(formOf(request.body).has("wallet") ? "/checkout/wallet" : "/checkout", 303);
  });

  scope.get("/cart", HERE, (request, reply) => {
    const now = enter(request, reply);
    now.session.expressCart = null;
    land(now.session, request);
    return reply
      .type("text/html")
      .send(storefrontPage(world, now, { title: "Basket", body: cartPage(now.shop, pricedFor(world, now)) }));
  });

  scope.get<{ Params: { code: string }; Querystring: { redirect?: string } }>(
    "/discount/:code",
    HERE,
    (request, reply) => {
      const now = enter(request, reply);
      land(now.session, request);
      now.session.cart.discountCodes = [request.params.code];
      return reply.redirect(localPath(request.query.redirect, now.shop.domains), 302);
    },
  );
}

/** Prices a cart of the visitor's, the basket unless told, for whom they are logged in as. */
export function pricedFor(world: World, now: Visit, cart = now.session.cart): ReturnType<typeof priceOf> {
  return priceOf(world, now.shop, cart, { customerId: now.customer?.id ?? null });
}

/** A path on this shop; anything that would lead elsewhere becomes "/". */
function localPath(wanted: string | undefined, hosts: readonly string[]): string {
  const host = hosts[0] ?? "localhost";
  const url = URL.parse(wanted ?? "/", `http://${host}`);
  return url !== null && url.host === host && url.protocol === "http:" ? url.pathname + url.search : "/";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Scripts send ids as numbers, forms as text. */
function idText(id: unknown): string {
  return typeof id === "string" || typeof id === "number" ? String(id) : "";
}

function wantedItems(body: unknown): Wanted[] {
  if (body instanceof URLSearchParams) return [{ id: field(body, "id"), quantity: Number(body.get("quantity") ?? 1) }];
  if (!isRecord(body)) throw new WorldError("The cart needs an id.", 400);
  const items: unknown[] = Array.isArray(body["items"]) ? body["items"] : [body];
  return items.filter(isRecord).map((item) => ({ id: idText(item["id"]), quantity: Number(item["quantity"] ?? 1) }));
}

function addTo(shop: Shop, cart: Cart, wanted: readonly Wanted[]): void {
  for (const { id, quantity } of wanted) {
    const product = findProduct(shop, id);
    if (product === null) throw new WorldError("Cannot find variant", 404);
    setLine(cart, product.variantId, (cart.lines.get(product.variantId) ?? 0) + quantity);
  }
}

function applyUpdate(now: Visit, body: unknown): void {
  if (body instanceof URLSearchParams) {
    applyForm(now, body);
    return;
  }
  if (!isRecord(body)) throw new WorldError("The cart update is not an object.", 400);
  const { cart } = now.session;
  if (isRecord(body["attributes"])) mergeAttributes(cart, body["attributes"]);
  if (isRecord(body["updates"]))
    for (const [id, quantity] of Object.entries(body["updates"])) setLine(cart, id, Number(quantity));
  if (typeof body["note"] === "string") cart.note = body["note"].slice(0, 5_000);
  if (typeof body["discount"] === "string") cart.discountCodes = codesOf(body["discount"]);
}

function applyForm(now: Visit, form: URLSearchParams): void {
  for (const [name, value] of form) {
    const [, kind, key] = /^(updates|attributes)\[(.+)\]$/.exec(name) ?? [];
    if (kind === "updates" && key !== undefined) setLine(now.session.cart, key, Number(value));
    if (kind === "attributes" && key !== undefined) mergeAttributes(now.session.cart, { [key]: value });
  }
}

function codesOf(text: string): string[] {
  return text
    .split(",")
    .map((code) => code.trim())
    .filter((code) => code !== "");
}
