import { expect, test } from "vitest";
import type { ChangedOrder } from "#app/usecases/reconcile-ports.ts";
import { orderPayload } from "#simulator/webhooks/payloads/order.ts";
import { refundPayload } from "#simulator/webhooks/payloads/refund.ts";
import { createDiscount } from "#simulator/world/discounts.ts";
import { cancelOrder, editOrder, refundOrder } from "#simulator/world/order-life.ts";
import { placeOrder } from "#simulator/world/orders.ts";
import { factsOf } from "#test/builders/extract.ts";
import { buildSimulatedAdmin } from "#test/builders/simulated-admin.ts";

const CODE = "ABCD2345EFGH6789";
const LONG_AGO = new Date("2000-01-01T00:00:00Z");
const TEA = { title: "Tea", priceMinor: 1250n, quantity: 2 };

type Admin = Awaited<ReturnType<typeof buildSimulatedAdmin>>["admin"];

async function changedOf(admin: Admin, since = LONG_AGO): Promise<readonly ChangedOrder[]> {
  const answer = await admin.changedOrders({ since, after: null });
  if (answer.outcome !== "ok") throw new Error(answer.outcome);
  return answer.orders;
}

/** Shopify prints whole seconds. */
function inSeconds(at: Date | null): Date | null {
  return at === null ? null : new Date(Math.floor(at.getTime() / 1_000) * 1_000);
}

/** What Shopify's API does not show of an order: the browser, and a journey before it has been worked out. */
const NOT_SHOWN = { agentHash: null, agentIsBot: false };

test("an order that is read becomes the same facts as the one that is delivered", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  createDiscount(world, shop, { title: "Ours", code: CODE, value: { kind: "percentage", basisPoints: 1_000 } });
  const { order } = placeOrder(world, shop, {
    email: "mara@example.com",
    lines: [TEA, { title: "Pot", priceMinor: 999n, quantity: 1 }],
    discountCodes: [CODE.toLowerCase()],
    noteAttributes: [
      { name: "_ref_token", value: "t".repeat(120) },
      { name: "_ref_device", value: "device-12345678" },
    ],
    clientIp: "203.0.113.9",
    userAgent: "Mozilla/5.0",
    risk: "PENDING",
    shippingAddress: { firstName: "Mara", lastName: "Lind", address1: "1 High Street", city: "Bath", zip: "BA1 1AA" },
    paid: true,
  });
  const [read] = await changedOf(admin);
  const sealed = { person: expect.objectContaining({ profileSealed: expect.any(String) }) };
  const delivered = factsOf("orders/create", orderPayload(shop, order));
  expect(delivered["discounts"]).toEqual([{ code: CODE.toLowerCase(), amount: "3.49" }]);
  expect(factsOf("orders/create", read?.payload)).toEqual({
    ...delivered,
    ...NOT_SHOWN,
    ...sealed,
    totalPrice: "31.5", // printed without the last zero
  });
  expect(read).toMatchObject({ orderId: order.id, paidAt: inSeconds(order.createdAt), wasReduced: false, refunds: [] });
});

test("a refund that is read becomes the same facts as the one that is delivered", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const { order } = placeOrder(world, shop, { email: "mara@example.com", lines: [TEA], paid: true });
  const refund = refundOrder(world, shop, order, { amountMinor: 500n });
  const [read] = await changedOf(admin);
  const told = read?.refunds.map(({ payload }) => factsOf("refunds/create", payload));
  expect(told).toEqual([factsOf("refunds/create", refundPayload(shop, order, refund))]);
  expect(read?.paidAt).toEqual(inSeconds(order.createdAt));
});

test("free delivery by a code of ours is read with what it took off", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  createDiscount(world, shop, { title: "Ours", code: CODE, value: { kind: "free_shipping" } });
  placeOrder(world, shop, {
    email: "mara@example.com",
    lines: [TEA],
    shippingMinor: 495n,
    discountCodes: [CODE],
    paid: true,
  });
  const [read] = await changedOf(admin);
  expect(read?.payload["discount_codes"]).toEqual([{ code: CODE, amount: "4.95" }]);
});

test("an unpaid order has no time of payment, an edited one says that it holds less, a cancelled one when", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const place = (paid: boolean) => placeOrder(world, shop, { email: "mara@example.com", lines: [TEA], paid }).order;
  const [unpaid, edited, cancelled] = [place(false), place(true), place(true)];
  editOrder(world, shop, edited, [{ ...TEA, quantity: 1 }]);
  cancelOrder(world, shop, cancelled);
  const read = new Map((await changedOf(admin)).map((order) => [order.orderId, order]));
  expect(read.get(unpaid.id)).toMatchObject({ paidAt: null, wasReduced: false, cancelledAt: null });
  expect(read.get(edited.id)).toMatchObject({ wasReduced: true });
  expect(read.get(cancelled.id)).toMatchObject({ cancelledAt: inSeconds(cancelled.cancelledAt) });
});

test("orders come page by page by the time of their change, and only those that changed since", async () => {
  const { admin, shop, world } = await buildSimulatedAdmin();
  const now = world.clock.now();
  const place = (hoursAgo: number) =>
    placeOrder(world, shop, {
      email: "mara@example.com",
      lines: [TEA],
      createdAt: new Date(now.getTime() - hoursAgo * 3_600_000),
      paid: true,
      silent: true,
    }).order.id;
  const ids = Array.from({ length: 30 }, (_, index) => place(30 - index));
  const first = await admin.changedOrders({ since: LONG_AGO, after: null });
  if (first.outcome !== "ok") throw new Error(first.outcome);
  const second = await admin.changedOrders({ since: LONG_AGO, after: first.next });
  if (second.outcome !== "ok") throw new Error(second.outcome);
  expect([...first.orders, ...second.orders].map(({ orderId }) => orderId)).toEqual(ids);
  expect(second.next).toBeNull();
  expect((await changedOf(admin, new Date(now.getTime() - 2.5 * 3_600_000))).map((one) => one.orderId)).toEqual(
    ids.slice(-2),
  );
});
