import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { bind, buy, DAN, HOUR_MS, MARA, mintCode, onlyReferral, personOf, tap } from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { bindCustomer } from "./bind-customer.ts";
import { profileOf } from "./learn-profile.ts";
import { meetPeople } from "./meet-people.ts";

const db = await createTestDatabase();
afterAll(db.drop);

test("the two people of a new referral are known by first name before anybody has ordered", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstName: "Mara" }));
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN, { firstName: "Dan" }));
  const code = await mintCode(world);
  const token = tap(world, code);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [token]);
  const { shopId } = world.shop;
  for (const [customerId, firstName] of [
    [MARA, "Mara"],
    [DAN, "Dan"],
  ] as const) {
    const personId = (await personOf(world, customerId)) ?? "";
    const profile = await inShop(db.pools, shopId, (tx) => profileOf(tx, { keys: world.keys, shopId, personId }));
    expect(profile.firstName).toBe(firstName);
  }
});

test("where an order opens the referral, the screen of that order asks about both people, and nothing else does", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const before = world.shopify.calls.length;
  world.clock.skip(HOUR_MS);
  const tokens = { cartAttribute: [tap(world, code)], landingSite: [] };
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstName: "Maya" }));
  await buy(world, { orderId: "5001", tokens });
  const asked = world.shopify.calls.slice(before).filter((call) => call.startsWith("read"));
  expect(asked).toEqual(["readEvidence"]);
  const { shopId } = world.shop;
  const personId = (await personOf(world, MARA)) ?? "";
  const profile = await inShop(db.pools, shopId, (tx) => profileOf(tx, { keys: world.keys, shopId, personId }));
  expect(profile.firstName).toBe("Maya");
});

test("an order that opens a referral without qualifying for it leaves the two people to be met", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const token = tap(world, code);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstName: "Maya" }));
  await buy(world, { orderId: "5001", tokens: { cartAttribute: [token], landingSite: [] }, totalPrice: "0.00" });
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: null });
  expect(await world.query("SELECT count(*)::int AS rows FROM outbox WHERE topic = 'referral.meet'")).toEqual([
    { rows: 1 },
  ]);
});

test("while Shopify is away the meeting is tried again later, and then both are known", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { firstName: "Mara" }));
  const token = tap(world, await mintCode(world));
  world.clock.skip(HOUR_MS);
  await bindCustomer(world, { shop: world.shop, customerId: MARA, tokens: [token], device: null });
  await world.workOn("inbox");
  const row = await world.outboxRow("referral.meet");
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: HOUR_MS };
  const verdict = await meetPeople(world, row);
  expect(verdict.outcome === "again" && verdict.at > world.clock.now()).toBe(true);
  world.shopify.trouble = null;
  expect(await meetPeople(world, row)).toEqual({ outcome: "done" });
  const { shopId, keys } = world;
  const personId = (await personOf(world, MARA)) ?? "";
  const profile = await inShop(db.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId }));
  expect(profile.firstName).toBe("Mara");
});
