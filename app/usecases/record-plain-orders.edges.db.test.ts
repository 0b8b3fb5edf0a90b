import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { buildCustomerFacts } from "#test/builders/domain.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { convertedFriend, COOLING_OFF_MS, orderFacts, personFacts, personOf } from "#test/builders/journeys.ts";
import type { Purchase } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { InboxEvent } from "./inbox-event.ts";
import { recordCustomer } from "./record-customer.ts";
import { recordPlainOrders } from "./record-plain-orders.ts";

const db = await createTestDatabase();
afterAll(db.drop);

function paid(world: UseCases, purchase: Purchase): InboxEvent {
  const [shopId, receivedAt] = [world.shopId, world.clock.now()];
  return { shopId, id: purchase.orderId, topic: "orders/paid", receivedAt, facts: orderFacts(world, purchase) };
}

/** The batch's orders that were taken, and what becomes of each. */
async function record(world: UseCases, ...purchases: Purchase[]): Promise<[string, string][]> {
  const taken = await recordPlainOrders(
    world,
    world.shopId,
    purchases.map((purchase) => paid(world, purchase)),
  );
  return [...taken].map(([id, { outcome }]) => [id, outcome]);
}

test("two batches that bring the same new buyer at once make one person of them, and both are worked on", async () => {
  const world = await buildUseCases(db);
  const ended = await heldUp(world.databaseUrl, "people", 2, () => [
    record(world, { orderId: "5001", customerId: "8001", email: "a@shop.example" }),
    record(world, { orderId: "5002", customerId: "8001", email: "a@shop.example" }),
  ]);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect(await world.query("SELECT count(*)::int AS people FROM people")).toEqual([{ people: 1 }]);
});

test("two events that bring the same new customer at once make one person of them", async () => {
  const world = await buildUseCases(db);
  const facts = buildCustomerFacts({ person: personFacts(world, "8001", { email: "a@shop.example" }) });
  const event = { shopId: world.shopId, topic: "customers/create", receivedAt: world.clock.now(), facts };
  const told = () => recordCustomer(world, { ...event, id: newId() });
  const ended = await heldUp(world.databaseUrl, "people", 2, () => [told(), told()]);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect(await world.query("SELECT count(*)::int AS people FROM people")).toEqual([{ people: 1 }]);
});

test("the browser that a plain order was made with is remembered for its buyer, and no other's", async () => {
  const world = await buildUseCases(db);
  const device = "11111111-2222-4333-8444-555555555555";
  await record(world, { orderId: "5001", customerId: "8001", device }, { orderId: "5002", customerId: "8002" });
  const noted = await world.query(
    "SELECT person_id, encode(hash, 'hex') AS hash, identifies FROM person_keys WHERE kind = 'device'",
  );
  const hash = world.shop.keyring.fact("device", device);
  expect(noted).toEqual([{ person_id: await personOf(world, "8001"), hash, identifies: false }]);
});

test("the first order of somebody who signed up before waits for evidence, as a first order does", async () => {
  const world = await buildUseCases(db);
  await world.deliver("customers/create", buildCustomerFacts({ person: personFacts(world, "8001") }));
  await world.work();
  expect(await record(world, { orderId: "5001", customerId: "8001" })).toEqual([["5001", "parked"]]);
  expect(await world.query("SELECT first_order_at FROM people")).toEqual([{ first_order_at: world.clock.now() }]);
});

test("an order that was stored before discounts were kept is looked at by its codes", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await world.query("UPDATE rewards SET code = 'GIVE10', status = 'issued' WHERE side = 1");
  const taken = await record(
    world,
    { orderId: "6001", customerId: "8001", discounts: null, discountCodes: ["give10"] },
    { orderId: "6002", customerId: "8002", discounts: null, discountCodes: ["SUMMER"] },
  );
  expect(taken).toEqual([["6002", "parked"]]);
});
