import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import type { BindFacts } from "#app/domain/event/customer-facts.ts";
import { buildCustomerFacts } from "#test/builders/domain.ts";
import { heldUp } from "#test/builders/held-up.ts";
import {
  bind,
  EVE,
  HOUR_MS,
  mintCode,
  orderFacts,
  personFacts,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import type { Purchase } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { InboxEvent } from "./inbox-event.ts";
import { profileOf } from "./learn-profile.ts";
import { recordFriendsOrders } from "./record-friends-orders.ts";
import { recordPlainCustomers } from "./record-plain-customers.ts";
import { recordPlainOrders } from "./record-plain-orders.ts";
import { recordReferredOrders } from "./record-referred-orders.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const ID = (n: number): string => `0190a000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

function paid(world: UseCases, code: string, purchase: Purchase): InboxEvent {
  const tokens = { cartAttribute: [tap(world, code, { at: world.clock.now().getTime() - HOUR_MS })], landingSite: [] };
  const facts = orderFacts(world, { tokens, ...purchase });
  return told(world, ID(Number(purchase.orderId)), facts);
}

function told(world: UseCases, id: string, facts: InboxEvent["facts"]): InboxEvent {
  return { shopId: world.shopId, id, topic: facts.kind, receivedAt: world.clock.now(), facts };
}

function customer(world: UseCases, customerId: string, keys: { email?: string } = {}): InboxEvent {
  return told(world, ID(Number(customerId)), buildCustomerFacts({ person: personFacts(world, customerId, keys) }));
}

test("a shop that is not known has nothing that could be remembered", async () => {
  const world = await buildUseCases(db);
  const gone = { ...world, shops: { ...world.shops, byId: () => Promise.resolve(null) } };
  const code = await mintCode(world);
  const orders = [
    paid(world, code, { orderId: "5001", customerId: "8001" }),
    paid(world, code, { orderId: "5002", customerId: "8002" }),
  ];
  expect(
    (await recordPlainCustomers(gone, world.shopId, [customer(world, "8001"), customer(world, "8002")])).size,
  ).toBe(0);
  expect((await recordReferredOrders(gone, world.shopId, orders)).size).toBe(0);
  expect((await recordFriendsOrders(gone, world.shopId, orders)).size).toBe(0);
  const plain = ordered(world, { orderId: "5003", customerId: "8003" });
  expect((await recordPlainOrders(gone, world.shopId, [plain])).size).toBe(0);
});

test("a link's owner goes by the name they have now, and keeps the account that asked for the link", async () => {
  const world = await buildUseCases(db);
  await mintCode(world, EVE);
  const taken = await recordPlainCustomers(world, world.shopId, [customer(world, EVE), customer(world, "8001")]);
  expect([...taken.keys()]).toEqual([ID(8_001), ID(Number(EVE))]);
  const personId = (await personOf(world, EVE)) ?? "";
  const { keys, shopId } = world;
  const profile = await inShop(world.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId }));
  expect(profile).toMatchObject({ firstName: "Mara", customerId: EVE });
  const stranger = (await personOf(world, "8001")) ?? "";
  expect(await inShop(world.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId: stranger }))).toMatchObject({
    customerId: null,
  });
});

test("customers with two orders of theirs beside them are left to their turn", async () => {
  const world = await buildUseCases(db);
  const orders = ["5001", "5002"].map((orderId) =>
    told(world, ID(Number(orderId)), orderFacts(world, { orderId, customerId: "8001" })),
  );
  const customers = [customer(world, "8001"), customer(world, "8002"), customer(world, "8003")];
  const taken = await recordPlainCustomers(world, world.shopId, [...customers, ...orders]);
  expect([...taken.keys()]).toEqual([ID(8_002), ID(8_003)]);
});

test("orders whose clicks count for nothing are left to their turn, and nothing is written", async () => {
  const world = await buildUseCases(db);
  const orders = [
    paid(world, "NOBODYS", { orderId: "5001", customerId: "8001" }),
    paid(world, "NOBODYS", { orderId: "5002", customerId: "8002" }),
  ];
  const rung = world.rung.length;
  expect((await recordReferredOrders(world, world.shopId, orders)).size).toBe(0);
  expect(await world.query("SELECT count(*)::int AS people FROM people")).toEqual([{ people: 0 }]);
  expect(world.rung.length).toBe(rung);
});

test("a buyer of whom another event speaks under another name is left to their turn", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const email = "mara@mail.example";
  await recordPlainCustomers(world, world.shopId, [
    customer(world, "8001", { email }),
    customer(world, "8002", { email: "b@mail.example" }),
  ]);
  const person = { ...personFacts(world, "", { email }), customerHash: null };
  const bind: BindFacts = { kind: "bind", person, tokens: [], device: null, at: world.clock.now().getTime() };
  const taken = await recordReferredOrders(world, world.shopId, [
    paid(world, code, { orderId: "5001", customerId: "8001" }),
    paid(world, code, { orderId: "5002", customerId: "8002" }),
    told(world, ID(1), bind),
  ]);
  expect([...taken.keys()]).toEqual([ID(5_002)]);
});

test("an order that was repeated is done with it, and the network of the month before is kept too", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const networks = { ipHash: "ab".repeat(32), ipHashBefore: "cd".repeat(32) };
  const order = paid(world, code, { orderId: "5001", customerId: "8001", ...networks });
  const events = [order, { ...order, id: ID(1) }, paid(world, code, { orderId: "5002", customerId: "8002" })];
  expect([...(await recordReferredOrders(world, world.shopId, events)).keys()]).toEqual([ID(5_001), ID(1), ID(5_002)]);
  expect(await referralsOf(world)).toMatchObject([{ state: "PENDING" }, { state: "PENDING" }]);
  const person = await personOf(world, "8001");
  const noted = await world.query<{ person: string }>(
    "SELECT person_id AS person FROM person_keys WHERE kind = 'network'",
  );
  expect(noted).toEqual([{ person }, { person }]);
});

test("two batches that bring the same orders at once open one referral for each", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const orders = [
    paid(world, code, { orderId: "5001", customerId: "8001" }),
    paid(world, code, { orderId: "5002", customerId: "8002" }),
  ];
  const record = () => recordReferredOrders(world, world.shopId, orders);
  const ended = await heldUp(world.databaseUrl, "people", 2, () => [record(), record()]);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect(new Set((await referralsOf(world)).map(({ order }) => order))).toEqual(new Set(["5001", "5002"]));
  expect(await referralsOf(world)).toHaveLength(2);
});

/** Friends who signed up through links of their own referrers, so that none of them is held. */
async function signedUp(world: UseCases, ...customers: readonly string[]): Promise<void> {
  for (const [n, customerId] of customers.entries()) {
    const code = await mintCode(world, String(7_100 + n));
    await bind(world, customerId, [tap(world, code)]);
  }
  world.clock.skip(HOUR_MS / 2);
}

function ordered(world: UseCases, purchase: Purchase): InboxEvent {
  return told(world, ID(Number(purchase.orderId)), orderFacts(world, purchase));
}

test("friends' first orders are taken together, with what tells the same of them once more", async () => {
  const world = await buildUseCases(db);
  await signedUp(world, "8001", "8002", "8003");
  const first = ordered(world, { orderId: "5001", customerId: "8001" });
  const events = [
    first,
    ordered(world, { orderId: "5002", customerId: "8002", totalPrice: "0.00" }),
    ordered(world, { orderId: "5003", customerId: "8003" }),
    ordered(world, { orderId: "5004", customerId: "8004" }),
    { ...first, id: ID(1), facts: { ...orderFacts(world, { orderId: "5001", customerId: "8001" }), updatedAt: 1 } },
  ];
  const taken = await recordFriendsOrders(world, world.shopId, events);
  expect([...taken.keys()]).toEqual([ID(5_001), ID(1), ID(5_003)]);
  const orders = (await referralsOf(world)).map(({ order }) => order);
  expect(new Set(orders)).toEqual(new Set(["5001", "5003", null]));
  expect(await recordFriendsOrders(world, world.shopId, events)).toEqual(new Map());
});

test("two batches that bring friends' orders at once record each of them once", async () => {
  const world = await buildUseCases(db);
  await signedUp(world, "8001", "8002");
  const events = [
    ordered(world, { orderId: "5001", customerId: "8001" }),
    ordered(world, { orderId: "5002", customerId: "8002" }),
  ];
  const record = () => recordFriendsOrders(world, world.shopId, events);
  const ended = await heldUp(world.databaseUrl, "people", 2, () => [record(), record()]);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  const converted = await world.query("SELECT count(*)::int AS count FROM audit WHERE action = 'referral.converted'");
  expect(converted).toEqual([{ count: 2 }]);
});

test("a friend of whom another event speaks under another name takes their turn", async () => {
  const world = await buildUseCases(db);
  await signedUp(world, "8001", "8002", "8003");
  const email = "8001@mail.example";
  await world.deliver("customers/update", buildCustomerFacts({ person: personFacts(world, "8001", { email }) }));
  await world.work();
  const person = { ...personFacts(world, "", { email }), customerHash: null };
  const bound: BindFacts = { kind: "bind", person, tokens: [], device: null, at: world.clock.now().getTime() };
  const taken = await recordFriendsOrders(world, world.shopId, [
    ordered(world, { orderId: "5001", customerId: "8001" }),
    ordered(world, { orderId: "5002", customerId: "8002" }),
    ordered(world, { orderId: "5003", customerId: "8003" }),
    told(world, ID(1), bound),
  ]);
  expect([...taken.keys()]).toEqual([ID(5_002), ID(5_003)]);
});
