import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { localeOf } from "../extensions/place.ts";
import { extensionToken } from "../oauth/session-tokens.ts";
import type { Order, Shop } from "../world/types.ts";
import { WorldError, type World } from "../world/world.ts";
import { CHECKOUT_TOKEN_URL, orderPage } from "./checkout-page.ts";
import { storefrontPage } from "./layout.ts";
import { land, sessionsOf, visit, type Visit } from "./sessions.ts";

const HERE = { constraints: { surface: "storefront" } };

/** The thank-you page, the order's status page, and the session tokens of the extensions on both. */
export function registerOrderPages(scope: FastifyInstance, world: World): void {
  const enter = (request: FastifyRequest, reply: FastifyReply): Visit =>
    visit(world, sessionsOf(world), request, reply);

  scope.get(CHECKOUT_TOKEN_URL, HERE, (request, reply) => {
    const { shop, customer } = enter(request, reply);
    return reply.header("cache-control", "no-store").send({ token: extensionToken(world, shop, { customer }) });
  });

  const showOrder = (
    reply: FastifyReply,
    now: Visit,
    order: Order,
    shown: { justPlaced: boolean; locale: string },
  ): FastifyReply =>
    reply.type("text/html").send(
      storefrontPage(world, now, {
        title: `Order #${order.number}`,
        body: orderPage(now.shop, order, shown),
        narrow: true,
      }),
    );

  scope.get<{ Params: { token: string } }>("/checkouts/:token/thank-you", HERE, (request, reply) => {
    const now = enter(request, reply);
    return showOrder(
      reply,
      now,
      orderBy(now.shop, (order) => (order.checkoutToken ?? order.token) === request.params.token),
      { justPlaced: true, locale: localeOf(request) },
    );
  });

  scope.get<{ Params: { token: string } }>("/orders/:token", HERE, (request, reply) => {
    const now = enter(request, reply);
    land(now.session, request);
    return showOrder(
      reply,
      now,
      orderBy(now.shop, (order) => order.token === request.params.token),
      { justPlaced: false, locale: localeOf(request) },
    );
  });
}

function orderBy(shop: Shop, matches: (order: Order) => boolean): Order {
  const order = [...shop.orders.values()].find(matches);
  if (order === undefined) throw new WorldError("There is no such order.", 404);
  return order;
}
