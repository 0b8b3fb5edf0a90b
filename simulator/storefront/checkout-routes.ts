import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { html, type Html } from "../pages/html.ts";
import { pixelAtStart } from "../pixel/pixel.ts";
import { randomHex } from "../world/ids.ts";
import { placeOrder } from "../world/orders.ts";
import type { Order } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { cartLines, newCart } from "./cart.ts";
import { pricedFor } from "./cart-routes.ts";
import { readCheckout, type CheckoutDetails } from "./checkout-form.ts";
import { checkoutPage, checkoutStart } from "./checkout-page.ts";
import { walletPage } from "./wallet-page.ts";
import { field, formOf } from "./form-body.ts";
import { storefrontPage } from "./layout.ts";
import { attributesFor } from "./rival.ts";
import { checkedOut, land, sessionsOf, visit, type Visit } from "./sessions.ts";

const HERE = { constraints: { surface: "storefront" } };

/** The checkout and its discount codes. */
export function registerCheckout(scope: FastifyInstance, world: World): void {
  const enter = (request: FastifyRequest, reply: FastifyReply): Visit =>
    visit(world, sessionsOf(world), request, reply);
  const showForm = (
    reply: FastifyReply,
    now: Visit,
    typed: URLSearchParams | null,
    problem: string | null,
  ): FastifyReply => {
    const priced = pricedFor(world, now, checkedOut(now.session));
    const form = checkoutPage({ now, priced, values: checkoutStart(now, typed), problem });
    const body = html`${form}${typed === null ? pixelFor(now) : null}`;
    return reply.type("text/html").send(storefrontPage(world, now, { title: "Check out", body }));
  };

  scope.get("/checkout", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    if (!begin(now)) return reply.redirect("/cart", 302);
    return showForm(reply, now, null, null);
  });

  scope.get("/checkout/wallet", HERE, (request, reply) => {
    const now = enter(request, reply);
    if (!begin(now)) return reply.redirect("/cart", 302);
    const body = html`${walletPage(now, pricedFor(world, now, checkedOut(now.session)))}${pixelFor(now)}`;
    return reply.type("text/html").send(storefrontPage(world, now, { title: "Wallet", body, narrow: true }));
  });

  scope.post("/checkout/discount", HERE, (request, reply) => {
    const cart = checkedOut(enter(request, reply).session);
    const form = formOf(request.body);
    const [code, removed] = [field(form, "code"), form.get("remove")];
    cart.discountCodes = cart.discountCodes.filter((each) => each !== removed);
    if (code !== "" && !cart.discountCodes.includes(code)) cart.discountCodes.push(code);
    return reply.redirect("/checkout", 303);
  });

  scope.post("/checkout", HERE, (request, reply) => {
    const now = enter(request, reply);
    if (cartLines(now.shop, checkedOut(now.session)).length === 0) return reply.redirect("/cart", 303);
    const form = formOf(request.body);
    const reading = readCheckout(form, world.clock.now());
    if (reading.outcome === "faulty") return showForm(reply.code(422), now, form, reading.problem);
    const order = buy(world, now, reading.details);
    return reply.redirect(`/checkouts/${order.checkoutToken ?? order.token}/thank-you`, 303);
  });
}

/** The app's pixel sees a checkout begin. */
function pixelFor({ shop, session }: Visit): Html | null {
  const { checkoutToken, attributes } = checkedOut(session);
  const known = [...attributes].map(([name, value]) => ({ name, value }));
  return checkoutToken === null ? null : pixelAtStart(shop, { token: checkoutToken, attributes: known });
}

/** Gives the checkout its name when there is something to buy; false when there is nothing. */
function begin(now: Visit): boolean {
  const cart = checkedOut(now.session);
  if (cartLines(now.shop, cart).length === 0) return false;
  cart.checkoutToken ??= randomHex(16);
  return true;
}

/** Turns the cart into a paid order, with what the browser told; in its place comes a new one with a token of its own. */
function buy(world: World, now: Visit, details: CheckoutDetails): Order {
  const { session, shop } = now;
  const cart = checkedOut(now.session);
  const { order } = placeOrder(world, shop, {
    // absent, not null: a guest is found or made by e-mail
    ...(now.customer === null ? {} : { customerId: now.customer.id }),
    email: details.email,
    phone: details.phone,
    lines: cartLines(shop, cart),
    discountCodes: cart.discountCodes,
    noteAttributes: attributesFor(now, cart),
    landingSite: session.landingSite,
    referringSite: session.referringSite,
    clientIp: now.clientIp,
    userAgent: now.userAgent,
    acceptLanguage: now.acceptLanguage,
    shippingAddress: details.address,
    gateway: details.payment.gateway,
    ...(details.payment.gateway === "paypal" ? {} : { card: details.payment.card }),
    cartToken: cart.token,
    checkoutToken: cart.checkoutToken ?? randomHex(16),
    paid: true,
  });
  if (session.expressCart === null) session.cart = newCart();
  session.expressCart = null;
  return order;
}
