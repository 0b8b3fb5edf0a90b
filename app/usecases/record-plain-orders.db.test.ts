import { afterAll, expect, test } from "vitest";
import type { PersonFacts } from "#app/domain/event/person-facts.ts";
import { DAY_MS } from "#test/builders/domain.ts";
import {
  bind,
  convertedFriend,
  COOLING_OFF_MS,
  HOUR_MS,
  MARA,
  mintCode,
  orderFacts,
  personFacts,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createRandom } from "#proof/lib/random.ts";
import { claimWelcome } from "./claim-welcome.ts";
import { recordPlainOrders } from "./record-plain-orders.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const LATE_MS = 26 * HOUR_MS;
const CUSTOMERS = ["8001", "8002", "8003", "8004", "8005", "8006", "8007", "8008"];

/** Delivers so many plain orders and works on them in one batch. */
async function deliverPlain(
  world: UseCases,
  orders: readonly { orderId: string; customerId: string }[],
): Promise<void> {
  for (const order of orders) await world.deliver("orders/paid", orderFacts(world, order));
  await world.work();
}

/**
 * What is known of each customer, and what became of each delivery, in words that are the same in every shop. Keys that do not
 * identify are left out: which of two people of one moment a till's address stays with is chance.
 */
async function outcomeOf(world: UseCases) {
  const names = new Map(CUSTOMERS.map((id) => [world.shop.keyring.person("customer", id), id]));
  const people = await world.query<{ hashes: string[]; keys: string[]; first: Date | null; last: Date | null }>(
    `SELECT array_agg(encode(k.hash, 'hex') ORDER BY k.hash) FILTER (WHERE k.kind = 'customer') AS hashes,
            array_agg(k.kind ORDER BY k.kind) FILTER (WHERE k.identifies) AS keys,
            min(p.first_order_at) AS first, max(p.last_order_at) AS last
       FROM people p JOIN person_keys k ON k.person_id = p.id GROUP BY coalesce(p.merged_into, p.id)`,
  );
  const rows = await world.query("SELECT webhook_id, state, next_at FROM inbox ORDER BY webhook_id");
  const referrals = await referralsOf(world);
  return {
    people: people
      .map(({ hashes, ...known }) => ({
        ...known,
        customers: (hashes ?? [])
          .map((hash) => names.get(hash) ?? "")
          .toSorted((left, right) => left.localeCompare(right)),
      }))
      .toSorted((left, right) => String(left.customers).localeCompare(String(right.customers))),
    rows,
    referrals: referrals.map(({ state, order }) => `${state} ${order ?? "-"}`).toSorted(),
  };
}

/** A batch as a busy shop has them: mostly plain orders, and among them everything that tangles them up. */
async function deliverMixed(world: UseCases, seed: number, code: string): Promise<void> {
  const random = createRandom(seed);
  const pick = (): string => CUSTOMERS[random.int(0, CUSTOMERS.length - 1)] ?? "8001";
  const person = (customerId: string): PersonFacts => {
    const email = random.int(0, 5) === 0 ? "till@shop.example" : `${customerId}@mail.example`;
    return personFacts(world, customerId, {
      email,
      ...(random.int(0, 3) === 0 ? { phone: `+4420${customerId}` } : {}),
    });
  };
  for (let delivery = 0; delivery < 40; delivery += 1) {
    world.clock.skip(1);
    const customerId = pick();
    const webhookId = `delivery-${seed % 10}-${String(delivery).padStart(2, "0")}`;
    const at = world.clock.now().getTime() - random.int(0, 3) * HOUR_MS;
    const kind = random.int(0, 15);
    const tokens = {
      cartAttribute: kind === 0 ? [tap(world, code, { at: at - HOUR_MS, clickId: ID(delivery) })] : [],
      landingSite: [],
    };
    const order = {
      orderId: `${customerId}${random.int(0, 9)}`,
      createdAt: at,
      processedAt: at,
      tokens,
      renewal: kind === 1,
      test: kind === 2,
    };
    const facts = { ...orderFacts(world, { ...order, customerId }), person: person(customerId) };
    if (kind === 3)
      await world.deliver(
        "customers/create",
        { kind: "customer", person: facts.person, createdAt: at, updatedAt: at, state: "enabled", token: null },
        webhookId,
      );
    else if (kind === 4) await world.deliver("orders/cancelled", { ...facts, cancelledAt: at }, webhookId);
    else await world.deliver(kind > 9 ? "orders/create" : "orders/paid", facts, webhookId);
  }
}

const ID = (n: number): string => `0190a000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

test.each([1, 2, 3, 4, 5, 6, 21, 31])("a batch ends as its rows would one by one (seed %i)", async (seed) => {
  const worlds = await Promise.all([buildUseCases(db), buildUseCases(db, { together: false })]);
  const outcomes = [];
  for (const world of worlds) {
    const code = await mintCode(world);
    for (const wave of [0, 1]) {
      await deliverMixed(world, seed * 10 + wave, code);
      await world.work();
      world.clock.skip(HOUR_MS);
    }
    const early = await outcomeOf(world);
    world.clock.skip(LATE_MS);
    await world.work();
    outcomes.push({ early, late: await outcomeOf(world) });
  }
  expect(outcomes[0]).toEqual(outcomes[1]);
});

test("orders of people whom nobody knows make a person each, and wait for evidence", async () => {
  const world = await buildUseCases(db);
  await deliverPlain(world, [
    { orderId: "5001", customerId: "8001" },
    { orderId: "5002", customerId: "8002" },
    { orderId: "5003", customerId: "8001" },
  ]);
  expect(await world.query("SELECT state FROM inbox")).toEqual(Array.from({ length: 3 }, () => ({ state: "parked" })));
  expect(await world.query("SELECT count(*)::int AS people FROM people WHERE first_order_at IS NOT NULL")).toEqual([
    { people: 2 },
  ]);
  expect(world.rung).not.toContain("inbox");
  world.clock.skip(LATE_MS);
  await world.work();
  expect(await world.query("SELECT DISTINCT state FROM inbox")).toEqual([{ state: "done" }]);
});

test("an order taken in a batch is found by the bind that comes after it", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const token = tap(world, code);
  world.clock.skip(HOUR_MS);
  await deliverPlain(world, [
    { orderId: "5001", customerId: "8001" },
    { orderId: "5002", customerId: "8002" },
  ]);
  await bind(world, "8001", [token]);
  expect(await referralsOf(world)).toMatchObject([{ state: "PENDING", order: "5001" }]);
});

test("an order that waits is found by the bind that comes right after it, in the same batch", async () => {
  for (const together of [true, false]) {
    const world = await buildUseCases(db, { together });
    const code = await mintCode(world);
    const token = tap(world, code);
    world.clock.skip(HOUR_MS);
    for (const [orderId, customerId] of [
      ["5001", "8001"],
      ["5002", "8002"],
    ] as const) {
      await world.deliver("orders/paid", orderFacts(world, { orderId, customerId }));
      world.clock.skip(1);
    }
    await bind(world, "8001", [token]);
    expect(await referralsOf(world)).toMatchObject([{ state: "PENDING", order: "5001" }]);
  }
});

test("an order with a code of ours, of a friend in a referral, or beside a token is left to a closer look", async () => {
  const world = await buildUseCases(db);
  const { code } = await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await world.query("UPDATE rewards SET code = 'GIVE10', status = 'issued' WHERE side = 1");
  const carried = { cartAttribute: [tap(world, code)], landingSite: [] };
  const purchases = [
    { customerId: MARA },
    { customerId: "8001", discountCodes: ["give10"] },
    { customerId: "8002", tokens: carried },
    { customerId: "8003", discountCodes: ["SUMMER"] },
    { customerId: "8004", cancelledAt: 1 },
    { customerId: "8005", test: true },
    { customerId: "8006", discounts: [{ code: "Give10", amount: "10.00" }] },
  ];
  const events = purchases.map((purchase, index) => ({
    shopId: world.shopId,
    id: ID(index),
    topic: "orders/paid",
    receivedAt: world.clock.now(),
    facts: orderFacts(world, { ...purchase, orderId: String(6001 + index) }),
  }));
  const taken = await recordPlainOrders(world, world.shopId, events);
  expect([...taken.keys()]).toEqual([ID(3)]);
});

test("an order whose device or e-mail address claimed an offer takes a closer look", async () => {
  const world = await buildUseCases(db, { terms: { friend: { when: "on_first_order" } } });
  const code = await mintCode(world);
  await world.work();
  const device = "11111111-2222-4333-8444-555555555555";
  const email = "mara@example.com";
  for (const by of [
    { device, email: null },
    { device: null, email },
  ])
    await claimWelcome(world, {
      shop: world.shop,
      customerId: null,
      token: tap(world, code),
      prefix: null,
      cartToken: null,
      locale: "en",
      ...by,
    });
  const purchases = [{ customerId: "8001", device }, { customerId: "8002", email }, { customerId: "8003" }];
  const events = purchases.map((purchase, index) => ({
    shopId: world.shopId,
    id: ID(index),
    topic: "orders/paid",
    receivedAt: world.clock.now(),
    facts: orderFacts(world, { ...purchase, orderId: String(6001 + index) }),
  }));
  expect([...(await recordPlainOrders(world, world.shopId, events)).keys()]).toEqual([ID(2)]);
});

test("an order is judged by what was known before it: the second of a customer is done, the first waits", async () => {
  const world = await buildUseCases(db);
  const first = orderFacts(world, { orderId: "5001", customerId: "8001" });
  const later = first.createdAt + DAY_MS;
  await world.deliver("orders/paid", first, "a");
  world.clock.skip(1);
  await world.deliver("orders/paid", { ...first, orderId: "5002", createdAt: later, processedAt: later }, "b");
  await world.work();
  expect(await world.query("SELECT webhook_id, state FROM inbox ORDER BY webhook_id")).toEqual([
    { webhook_id: "a", state: "parked" },
    { webhook_id: "b", state: "done" },
  ]);
});
