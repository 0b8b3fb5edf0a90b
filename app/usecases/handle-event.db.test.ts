import { afterAll, expect, test } from "vitest";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { newId } from "#app/platform/ids.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  findingsOf,
  MARA,
  onlyReferral,
  orderFacts,
  personFacts,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { handleEvent } from "./handle-event.ts";
import type { EventVerdict } from "./inbox-event.ts";

const db = await createTestDatabase();
afterAll(db.drop);

function handle(
  world: UseCases,
  facts: InboxFacts,
  asked: unknown[] = [],
  shopId = world.shopId,
): Promise<EventVerdict> {
  const note = (what: string) => (input: unknown) => Promise.resolve(void asked.push([what, input]));
  const deps = { ...world, uninstall: note("uninstall"), refreshShop: note("refreshShop") };
  return handleEvent(deps, { shopId, id: newId(), topic: "any", facts, receivedAt: world.clock.now() });
}

test("an event of a shop that is not known changes nothing and is done", async () => {
  const world = await buildUseCases(db);
  expect(await handle(world, orderFacts(world, { orderId: "5001" }), [], newId())).toEqual({ outcome: "done" });
  expect(await world.query("SELECT FROM people")).toEqual([]);
});

test("a refund, a cancellation and a deletion after the reward are one case", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const at = world.clock.now().getTime();
  const refund = {
    kind: "refund",
    orderId: "5001",
    refundId: "801",
    amount: "42.00",
    currency: "GBP",
    at,
    full: true,
  } as const;
  await handle(world, refund);
  await handle(world, orderFacts(world, { orderId: "5001", cancelledAt: at }));
  await handle(world, { kind: "order_deleted", orderId: "5001" });
  expect(await casesOf(world)).toHaveLength(1);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("a customer who asks to be forgotten, and one who was deleted, are erased", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  await handle(world, { kind: "redact", person: personFacts(world, MARA), orderIds: [] });
  expect(await onlyReferral(world)).toMatchObject({ state: "VOIDED", reason: "friend_erased" });
  await handle(world, { kind: "customer_deleted", customerHash: personFacts(world, MARA).customerHash ?? "" });
  expect(await world.query("SELECT FROM audit WHERE action = 'person.erased'")).toHaveLength(2);
});

test("news of the shop go to those who keep it", async () => {
  const world = await buildUseCases(db);
  const asked: unknown[] = [];
  const at = world.clock.now().getTime();
  await handle(world, { kind: "uninstalled", at }, asked);
  await handle(world, { kind: "scopes", scopes: ["read_orders", "read_customers"] }, asked);
  expect(asked).toEqual([
    ["uninstall", { shopId: world.shopId, at: new Date(at) }],
    ["refreshShop", { shopId: world.shopId, domain: world.domain, scopes: "read_orders,read_customers" }],
  ]);
});

test("what changes nothing by itself is put on the record", async () => {
  const world = await buildUseCases(db);
  await handle(world, { kind: "data_request", person: personFacts(world, MARA), orderIds: [] });
  await handle(world, { kind: "order_risk", orderId: "5001" });
  expect(await world.query("SELECT action FROM audit WHERE action LIKE 'event.%' ORDER BY action")).toEqual([
    { action: "event.data_request" },
    { action: "event.order_risk" },
  ]);
});

test("with every protected customer field withheld the journey still ends in two rewards", async () => {
  const world = await buildUseCases(db);
  const withheld = { email: null, phone: null, firstName: null };
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, withheld)).set(MARA, buildCustomerAnswer(MARA, withheld));
  await convertedFriend(world, { person: { ...personFacts(world, MARA), profileSealed: null } });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await findingsOf(world)).toEqual([]);
});
