import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { printMinor } from "../world/money.ts";
import {
  cancelOrder,
  deleteOrder,
  disputeOrder,
  editOrder,
  payOrder,
  refundOrder,
  type RefundInput,
} from "../world/order-life.ts";
import { financialStatus, orderTotals } from "../world/order-totals.ts";
import { placeOrder, type PlacedOrder } from "../world/orders.ts";
import type { Order, Shop } from "../world/types.ts";
import { requireShop, WorldError, type World } from "../world/world.ts";
import {
  AddressBody,
  bothIds,
  CardBody,
  IdParams,
  Instant,
  lastPart,
  LineBody,
  MANY_MAX,
  orderAnywhere,
  read,
  readAmount,
  readLines,
} from "./input.ts";

const NewOrder = z.object({
  shop: z.string(),
  customerId: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  lines: z.array(LineBody).min(1),
  currency: z.string().optional(),
  noteAttributes: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  discountCodes: z.array(z.string()).optional(),
  landingSite: z.string().nullish(),
  referringSite: z.string().nullish(),
  clientIp: z.string().nullish(),
  userAgent: z.string().nullish(),
  acceptLanguage: z.string().nullish(),
  card: CardBody.optional(),
  gateway: z.string().optional(),
  shippingAddress: AddressBody.nullish(),
  billingAddress: AddressBody.nullish(),
  shipping: z.string().optional(),
  risk: z.enum(["ACCEPT", "INVESTIGATE", "CANCEL", "PENDING"]).optional(),
  sourceName: z.string().optional(),
  test: z.boolean().optional(),
  createdAt: Instant.optional(),
  processedAt: Instant.optional(),
  paid: z.boolean().default(true),
  silent: z.boolean().optional(),
  cartToken: z.string().nullish(),
  checkoutToken: z.string().nullish(),
});

/** Many orders at once; with `thenPay` each is paid as soon as it is placed, as `…/pay` does. */
const Many = z.object({ orders: z.array(NewOrder).max(MANY_MAX), thenPay: z.boolean().default(false) });

const RefundBody = z.object({
  full: z.literal(true).optional(),
  amount: z.string().optional(),
  lines: z.array(z.object({ id: z.string(), quantity: z.number().int().positive().default(1) })).optional(),
});
const CancelBody = z.object({
  reason: z.enum(["CUSTOMER", "FRAUD", "INVENTORY", "DECLINED", "OTHER", "STAFF"]).optional(),
  refund: z.boolean().optional(),
});

/** `/_control/orders`: place, pay, refund, cancel, dispute, edit, delete, read. */
export function registerOrderControl(server: FastifyInstance, { world }: Simulator): void {
  server.post("/_control/orders", (request) => {
    const { shop, placed } = place(world, read(NewOrder, request.body));
    return placedAnswer(shop, placed);
  });

  server.post("/_control/orders/many", (request) => {
    const { orders, thenPay } = read(Many, request.body);
    const answers = orders.map((body) => {
      const { shop, placed } = place(world, body);
      if (thenPay) payOrder(world, shop, placed.order);
      return placedAnswer(shop, placed);
    });
    return { orders: answers };
  });

  server.get("/_control/orders/:id", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    return orderAnswer(shop, order);
  });

  server.post("/_control/orders/:id/pay", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    payOrder(world, shop, order);
    return orderAnswer(shop, order);
  });

  server.post("/_control/orders/:id/refund", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    refundOrder(world, shop, order, refundInput(shop, read(RefundBody, request.body)));
    return orderAnswer(shop, order);
  });

  server.post("/_control/orders/:id/cancel", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    cancelOrder(world, shop, order, read(CancelBody, request.body));
    return orderAnswer(shop, order);
  });

  server.post("/_control/orders/:id/dispute", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    disputeOrder(world, shop, order, read(z.object({ reason: z.string().optional() }), request.body).reason);
    return orderAnswer(shop, order);
  });

  server.post("/_control/orders/:id/edit", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    editOrder(world, shop, order, readLines(shop, read(z.object({ lines: z.array(LineBody) }), request.body).lines));
    return orderAnswer(shop, order);
  });

  server.post("/_control/orders/:id/delete", (request) => {
    const { shop, order } = orderAnywhere(world, read(IdParams, request.params).id);
    deleteOrder(world, shop, order);
    return orderAnswer(shop, order);
  });
}

function place(world: World, body: z.output<typeof NewOrder>): { shop: Shop; placed: PlacedOrder } {
  const { shop: domain, lines, shipping, currency, ...input } = body;
  const shop = requireShop(world, domain);
  if (currency !== undefined && currency !== shop.currency)
    throw new WorldError(`${shop.domain} sells in ${shop.currency}.`, 400);
  const placed = placeOrder(world, shop, {
    ...input,
    // Null asks for an order without a customer, absence for a guest.
    customerId: input.customerId == null ? input.customerId : lastPart(input.customerId),
    lines: readLines(shop, lines),
    shippingMinor: shipping === undefined ? undefined : readAmount(shop, shipping),
  });
  return { shop, placed };
}

function refundInput(shop: Shop, body: z.output<typeof RefundBody>): RefundInput {
  if (body.amount !== undefined) return { amountMinor: readAmount(shop, body.amount) };
  if (body.lines !== undefined)
    return { lines: body.lines.map(({ id, quantity }) => ({ lineId: lastPart(id), quantity })) };
  return { full: true };
}

function placedAnswer(shop: Shop, { order, refusedCodes }: PlacedOrder) {
  return { ...orderAnswer(shop, order), refusedCodes };
}

function orderAnswer(shop: Shop, order: Order) {
  const totals = orderTotals(order);
  return {
    ...bothIds("Order", order.id),
    name: `#${order.number}`,
    customerId: order.customerId,
    checkoutToken: order.checkoutToken,
    cartToken: order.cartToken,
    total: printMinor(totals.totalMinor, shop.currency),
    discount: printMinor(totals.discountMinor, shop.currency),
    currentTotal: printMinor(totals.currentTotalMinor, shop.currency),
    financialStatus: financialStatus(order),
    lines: order.lines.map((line) => ({
      ...bothIds("LineItem", line.id),
      title: line.title,
      quantity: line.currentQuantity,
    })),
  };
}
