import { createHmac } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { loadAppConfig } from "../app-config.ts";
import { API_SECRET, buildBench, eventually, startFakeApp, type FakeApp } from "../fidelity/harness.ts";
import { uninstall } from "../oauth/installation.ts";
import { createCustomer } from "../world/customers.ts";
import { placeOrder } from "../world/orders.ts";
import { announce } from "../world/world.ts";
import { RETRY_DELAYS_MS } from "./courier.ts";
import { startDispatcher } from "./dispatcher.ts";
import { createHabits } from "./habits.ts";
import { includeFields, passesFilter } from "./subscriptions.ts";

async function startDelivering(answer?: Parameters<typeof startFakeApp>[0]) {
  const app = await startFakeApp(answer);
  const bench = buildBench({ appUrl: app.url });
  const dispatcher = startDispatcher(bench.world, loadAppConfig());
  onTestFinished(async () => {
    dispatcher.stop();
    bench.world.clock.stop();
    await app.close();
  });
  return { ...bench, app, dispatcher };
}

function topicsAt(app: FakeApp): string[] {
  return app.received.map((request) => String(request.headers["x-shopify-topic"])).sort((a, b) => a.localeCompare(b));
}

test("a delivery is signed over its raw body and carries Shopify's headers", async () => {
  const { world, shop, app, dispatcher } = await startDelivering();
  createCustomer(world, shop, { email: "zoë@example.com" });
  await eventually(() => dispatcher.deliveries[0]?.status === "delivered");
  const [request] = app.received;
  expect(request).toMatchObject({ method: "POST", url: "/webhooks" });
  expect(request?.headers).toMatchObject({
    "content-type": "application/json",
    "x-shopify-topic": "customers/create",
    "x-shopify-shop-domain": "freshbox.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-hmac-sha256": createHmac("sha256", API_SECRET)
      .update(request?.body ?? "", "utf8")
      .digest("base64"),
    "x-shopify-webhook-id": dispatcher.deliveries[0]?.id,
    "x-shopify-triggered-at": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
  });
});

test("what one action causes shares an event id, each delivery has an id of its own", async () => {
  const { world, shop, app } = await startDelivering();
  placeOrder(world, shop, { customerId: null, lines: [{ title: "Box", priceMinor: 100n, quantity: 1 }], paid: true });
  await eventually(() => app.received.length === 2);
  expect(topicsAt(app)).toEqual(["orders/create", "orders/paid"]);
  expect(new Set(app.received.map((request) => request.headers["x-shopify-event-id"])).size).toBe(1);
  expect(new Set(app.received.map((request) => request.headers["x-shopify-webhook-id"])).size).toBe(2);
});

test("a delivery that fails is sent eight times more, the same body under the same id, over about four hours", async () => {
  const { world, shop, app, dispatcher } = await startDelivering((_request, response) => {
    response.statusCode = 503;
    response.end();
  });
  createCustomer(world, shop, { email: "a@example.com" });
  const [delivery] = dispatcher.deliveries;
  for (const [index, delayMs] of RETRY_DELAYS_MS.entries()) {
    await eventually(() => delivery?.attempts === index + 1 && delivery.dueAt > world.clock.now());
    world.clock.set(new Date(world.clock.now().getTime() + delayMs));
  }
  await eventually(() => delivery?.status === "failed");
  expect(app.received).toHaveLength(9);
  expect(new Set(app.received.map(({ body }) => body)).size).toBe(1);
  expect(new Set(app.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  const hours = RETRY_DELAYS_MS.reduce((a, b) => a + b, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(3.5);
  expect(hours).toBeLessThan(4.5);
});

test("a redirect is no delivery", async () => {
  const { world, shop, dispatcher } = await startDelivering((_request, response) => {
    response.writeHead(302, { location: "/elsewhere" });
    response.end();
  });
  createCustomer(world, shop, { email: "a@example.com" });
  await eventually(() => dispatcher.deliveries[0]?.lastStatus === 302);
  expect(dispatcher.deliveries[0]?.status).toBe("pending");
});

test("copies come three times, once under a fresh id, and dropped ones never", async () => {
  const { world, shop, app, dispatcher } = await startDelivering();
  dispatcher.habits.set(shop.domain, { copies: 3, freshIds: 1 / 3 });
  createCustomer(world, shop, { email: "a@example.com" });
  await eventually(() => app.received.length === 3);
  expect(new Set(app.received.map((request) => request.headers["x-shopify-webhook-id"])).size).toBe(2);
  dispatcher.habits.set(null, { drop: 1 });
  createCustomer(world, shop, { email: "b@example.com" });
  expect(dispatcher.deliveries.at(-1)?.status).toBe("dropped");
});

test("a delayed delivery waits on the simulated clock", async () => {
  const { world, shop, app, dispatcher } = await startDelivering();
  dispatcher.habits.set(shop.domain, { delayMs: 26 * 3_600_000 });
  createCustomer(world, shop, { email: "a@example.com" });
  expect(dispatcher.dueCount()).toBe(0);
  world.clock.set(new Date(world.clock.now().getTime() + 27 * 3_600_000));
  await eventually(() => app.received.length === 1);
});

test("an uninstalled app hears nothing but the compliance topics", async () => {
  const { world, shop, app } = await startDelivering();
  uninstall(world, shop);
  createCustomer(world, shop, { email: "a@example.com" });
  announce(world, shop, { topic: "shop/redact" });
  await eventually(() => app.received.length === 2);
  expect(topicsAt(app)).toEqual(["app/uninstalled", "shop/redact"]);
});

test("deliveries spread over time when they are to come out of order", () => {
  const draws = [0.9, 0.5, 0.1, 0.5];
  const habits = createHabits(() => draws.shift() ?? 0.5);
  habits.set(null, { copies: 2, reorder: true });
  expect(habits.copiesFor("x").map(({ delayMs }) => delayMs)).toEqual([360, 40]);
});

test("include_fields keeps top-level names and paths", () => {
  const payload = { id: 1, updated_at: "x", line_items: [{ id: 2, title: "Box" }], email: "a@example.com" };
  expect(includeFields(payload, ["id", "line_items.id"])).toEqual({ id: 1, line_items: [{ id: 2 }] });
  expect(includeFields(payload, null)).toEqual(payload);
});

test("a filter lets through what it names", () => {
  const payload = { source_name: "web", customer: { state: "enabled" } };
  expect(passesFilter(payload, null)).toBe(true);
  expect(passesFilter(payload, "source_name:web AND customer.state:enabled")).toBe(true);
  expect(passesFilter(payload, "source_name:pos OR customer.state:disabled")).toBe(false);
});

test("how long acknowledgements took is counted, and what was refused is not", async () => {
  const { world, shop, app, dispatcher } = await startDelivering();
  dispatcher.habits.set(null, { copies: 3 });
  createCustomer(world, shop, { email: "zoe@example.com" });
  await eventually(() => app.received.length === 3 && dispatcher.dueCount() === 0);
  expect(dispatcher.ackTimes().reduce((sum, count) => sum + count, 0)).toBe(3);
});
