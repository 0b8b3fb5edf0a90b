import { afterAll, expect, test } from "vitest";
import { extractRead } from "#app/edge/extract/extract-read.ts";
import { NOON } from "#test/builders/domain.ts";
import { orderFacts } from "#test/builders/journeys.ts";
import { buildScriptedShopify } from "#test/builders/scripted-admin.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { OutboxWork, ShopAdmin } from "./ports.ts";
import { readOrders } from "./read-orders.ts";
import type { ReadOrdersDeps } from "./read-orders.ts";
import type { ChangedOrder } from "./reconcile-ports.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const AT = new Date(NOON);

function changedOrder(changes: Partial<ChangedOrder> = {}): ChangedOrder {
  const times = { createdAt: AT, updatedAt: AT, cancelledAt: null, paidAt: null };
  return { orderId: "5001", ...times, wasReduced: false, refunds: [], payload: { id: "5001" }, ...changes };
}

async function read(world: UseCases, changedOrders: ShopAdmin["changedOrders"], deps: Partial<ReadOrdersDeps> = {}) {
  const admin = buildScriptedShopify({ changedOrders });
  const work: OutboxWork = await world.outboxRow("orders.read");
  return readOrders({ ...world, admin, extract: extractRead(world.keys), ...deps }, work);
}

function rowsOf(world: UseCases): Promise<{ key: string }[]> {
  return world.query<{ key: string }>("SELECT webhook_id AS key FROM inbox WHERE topic = 'goodword/read' ORDER BY 1");
}

test("orders that may not be read are asked for again in a quarter of an hour", async () => {
  const world = await buildUseCases(db);
  const refused = () => Promise.resolve({ outcome: "refused", code: "ACCESS_DENIED" } as const);
  const verdict = await read(world, refused);
  expect(verdict).toMatchObject({ outcome: "again", reason: "ACCESS_DENIED" });
  if (verdict.outcome !== "again") throw new Error("it comes again");
  expect(verdict.at.getTime() - world.clock.now().getTime()).toBeGreaterThanOrEqual(15 * 60_000);
});

test("a reading goes on page by page from where it was, and lets other work have its turn after ten", async () => {
  const world = await buildUseCases(db);
  const asked: (string | null)[] = [];
  const pages: ShopAdmin["changedOrders"] = ({ after }) => {
    asked.push(after);
    return Promise.resolve({ outcome: "ok", orders: [], next: asked.length < 12 ? `page-${asked.length}` : null });
  };
  expect(await read(world, pages)).toMatchObject({ outcome: "again", reason: "more_orders" });
  expect(asked).toHaveLength(10);
  expect(await read(world, pages)).toMatchObject({ outcome: "again", reason: "standing_work" });
  expect(asked).toEqual([null, ...Array.from({ length: 11 }, (_, page) => `page-${page + 1}`)]);
});

test("an order that cannot be told is left out and said, and its readable refund is told", async () => {
  const world = await buildUseCases(db);
  const refunds = [
    { refundId: "77", payload: { readable: true } },
    { refundId: "78", payload: { readable: false } },
  ];
  const orders = [changedOrder({ refunds })];
  const one = () => Promise.resolve({ outcome: "ok", orders, next: null } as const);
  const money = { amount: "1.00", currency: "GBP", at: NOON, full: null };
  const extract: ReadOrdersDeps["extract"] = ({ topic, payload }) =>
    topic === "refunds/create" && JSON.stringify(payload).includes("true")
      ? { kind: "refund", orderId: "5001", refundId: "77", ...money }
      : null;
  await read(world, one, { extract });
  expect((await rowsOf(world)).map(({ key }) => key)).toEqual(["recon_refund_77"]);
});

test("an order is told again when it was cancelled since it was told, though its version is the same", async () => {
  const world = await buildUseCases(db);
  const told = (cancelledAt: Date | null) => () =>
    Promise.resolve({ outcome: "ok", orders: [orderOf(cancelledAt)], next: null } as const);
  await world.deliver("orders/create", orderFacts(world, { orderId: "5001", paidAt: null }));
  await world.work();
  await read(world, told(null));
  expect(await rowsOf(world)).toEqual([]);
  await read(world, told(AT));
  expect(await rowsOf(world)).toHaveLength(1);
});

function orderOf(cancelledAt: Date | null): ChangedOrder {
  const iso = AT.toISOString();
  const money = { shop_money: { amount: "42.00", currency_code: "GBP" } };
  const times = {
    created_at: iso,
    processed_at: iso,
    updated_at: iso,
    cancelled_at: cancelledAt?.toISOString() ?? null,
  };
  const payload = { id: "5001", ...times, financial_status: "paid", source_name: "web", total_price_set: money };
  return changedOrder({ cancelledAt, payload: { ...payload, customer: { id: "7001" } } });
}
