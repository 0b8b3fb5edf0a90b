import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { newId } from "#app/platform/ids.ts";
import { sealProfile } from "#app/platform/sealed-profile.ts";
import { buildCustomerFacts, DAY_MS } from "#test/builders/domain.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import {
  attributionsOf,
  bind,
  buy,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  personFacts,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { backfillCustomers } from "./backfill-customers.ts";
import { handleEvent } from "./handle-event.ts";
import { profileOf } from "./learn-profile.ts";
import { mintLink } from "./mint-link.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A delivery that the worker takes up. */
async function hear(world: UseCases, facts: InboxFacts): Promise<void> {
  const unasked = () => Promise.reject(new Error("not asked for in these tests"));
  const deps = { ...world, uninstall: unasked, refreshShop: unasked };
  await handleEvent(deps, { shopId: world.shopId, id: newId(), topic: "any", facts, receivedAt: world.clock.now() });
}

/** `customers/update`: who the customer is now. */
function update(world: UseCases, customerId: string, now: { email?: string; firstName?: string; locale?: string }) {
  const { email = null, firstName = null, locale = null } = now;
  const profileSealed = sealProfile(world.keys, world.shopId, { firstName, email, phone: null, locale });
  const person = { ...personFacts(world, customerId, email === null ? {} : { email }), profileSealed };
  return hear(world, buildCustomerFacts({ person }));
}

function removed(world: UseCases, customerId: string): Promise<void> {
  return hear(world, { kind: "customer_deleted", customerHash: world.shop.keyring.person("customer", customerId) });
}

function merged(world: UseCases, kept: string, gone: string): Promise<void> {
  const hash = (id: string) => world.shop.keyring.person("customer", id);
  return hear(world, { kind: "merge", keptHash: hash(kept), deletedHash: hash(gone), keptId: kept });
}

async function profileBehind(world: UseCases, customerId: string) {
  const { keys, shopId } = world;
  const personId = (await personOf(world, customerId)) ?? "";
  return inShop(world.pools, shopId, (tx) => profileOf(tx, { keys, shopId, personId }));
}

/** Reads the customers that the shop had before the app came. */
async function backfill(world: UseCases): Promise<void> {
  const row = await world.outboxRow("shop.backfill");
  const customers = [...world.shopify.customers.values()];
  const knownCustomers = () => Promise.resolve({ outcome: "ok", customers, next: null } as const);
  const admin = {
    forShop: (shopId: string, domain: string) => ({ ...world.admin.forShop(shopId, domain), knownCustomers }),
  };
  expect(await backfillCustomers({ ...world, admin }, row)).toEqual({ outcome: "done" });
}

test("an address that changed leads to the same person, and so does the old one", async () => {
  const world = await buildUseCases(db);
  await update(world, MARA, { email: "mara@old.example" });
  await update(world, MARA, { email: "mara@new.example" });
  const person = await personOf(world, MARA);
  for (const [orderId, email] of [
    ["5001", "mara@old.example"],
    ["5002", "mara@new.example"],
  ] as const) {
    const customerId = orderId;
    await buy(world, { orderId, customerId, email });
    expect(await personOf(world, customerId), email).toBe(person);
  }
});

test("a friend who takes the referrer's address is the referrer: their referral is rejected", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await update(world, DAN, { email: "dan@example.com" });
  await bind(world, MARA, [tap(world, code)]);
  await update(world, MARA, { email: "d.an+2@example.com" });
  expect(await onlyReferral(world), "another address is another person").toMatchObject({ state: "PENDING" });
  await update(world, MARA, { email: "dan@example.com" });
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "same_account" });
  expect(await findingsOf(world)).toEqual([]);
});

test("a friend who takes the address of somebody who was referred has no second referral", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await update(world, MARA, { email: "mara@example.com" });
  await bind(world, MARA, [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  await bind(world, EVE, [tap(world, code)]);
  expect(await referralsOf(world)).toHaveLength(2);
  await update(world, EVE, { email: "mara@example.com" });
  expect((await referralsOf(world)).map(({ state, reason }) => [state, reason])).toEqual([
    ["PENDING", null],
    ["REJECTED", "duplicate_person"],
  ]);
});

test("the owner of a link goes by their new name and address, and their rewards stay with their account", async () => {
  const world = await buildUseCases(db);
  await mintCode(world);
  await update(world, DAN, { email: "dan@new.example", firstName: "Daniel", locale: "fr" });
  expect(await profileBehind(world, DAN)).toMatchObject({
    customerId: DAN,
    firstName: "Daniel",
    email: "dan@new.example",
    locale: "fr",
  });
  await update(world, EVE, { email: "dan@new.example", firstName: "Evan" });
  expect(await profileBehind(world, DAN), "a second account of theirs").toMatchObject({ customerId: DAN });
});

test("nothing is kept of a customer who takes no part, however often they change", async () => {
  const world = await buildUseCases(db);
  await update(world, MARA, { email: "mara@example.com", firstName: "Mara" });
  expect(await profileBehind(world, MARA)).toMatchObject({ customerId: null, firstName: null, email: null });
});

test("a deleted customer who owns a link is forgotten, and their link retired", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await bind(world, MARA, [tap(world, code)]);
  await removed(world, DAN);
  expect(await profileBehind(world, DAN)).toMatchObject({ firstName: null });
  expect(await world.query("SELECT state, retired_reason FROM codes")).toEqual([
    { state: "retired", retired_reason: "customer_left" },
  ]);
  expect(await onlyReferral(world), "a friend who came before is still referred").toMatchObject({ state: "PENDING" });
});

test("the account that Shopify deletes in a merge takes nothing along: the person goes on by the one that is left", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await update(world, EVE, { email: "dan@home.example" });
  await merged(world, EVE, DAN);
  await removed(world, DAN);
  expect(await profileBehind(world, EVE)).toMatchObject({ customerId: EVE, firstName: "Sam" });
  expect(await mintLink(world, { shop: world.shop, customerId: EVE, device: null })).toMatchObject({ code });
  expect(await personOf(world, DAN), "what is told late of the old account is theirs").toBe(await personOf(world, EVE));
  await removed(world, EVE);
  expect(await profileBehind(world, EVE), "the last account that took part").toMatchObject({ firstName: null });
});

test("who bought before the app came may refer, and Shopify is asked nothing", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(DAN, buildCustomerAnswer(DAN));
  await backfill(world);
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1_000 };
  expect(await mintLink(world, { shop: world.shop, customerId: DAN, device: null })).toMatchObject({
    outcome: "minted",
  });
});

test("a test order and a customer record without an order are no purchase: buy_first", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { numberOfOrders: 0n }));
  await backfill(world);
  await update(world, MARA, { email: "mara@example.com" });
  const ask = () => mintLink(world, { shop: world.shop, customerId: MARA, device: null });
  expect(await ask()).toEqual({ outcome: "refused", reason: "buy_first" });
  await world.deliver("orders/paid", orderFacts(world, { orderId: "5001", test: true }));
  await world.work();
  expect(await ask()).toEqual({ outcome: "refused", reason: "buy_first" });
  await buy(world, { orderId: "5002" });
  expect(await ask()).toMatchObject({ outcome: "minted" });
});

test("an order of somebody's guest days counts once their account has its address", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { numberOfOrders: 0n }));
  await buy(world, { orderId: "5001", customerId: "8801", email: "mara@example.com" });
  const ask = () => mintLink(world, { shop: world.shop, customerId: MARA, device: null });
  expect(await ask()).toEqual({ outcome: "refused", reason: "buy_first" });
  await update(world, MARA, { email: "mara@example.com" });
  expect(await ask()).toMatchObject({ outcome: "minted" });
});

test.each([
  ["an order years ago, by the same account", { customerId: MARA }, null, "existing_customer"],
  ["an order years ago, by the same address", { email: "mara@example.com" }, null, "existing_customer"],
  ["an order longer ago than the terms look back", { customerId: MARA }, 365, null],
  [
    "a record without an order",
    { customerId: MARA, numberOfOrders: 0n, firstOrderAt: null, lastOrderAt: null },
    null,
    null,
  ],
] as const)("a friend with %s in the back-filled history", async (_what, before, days, reason) => {
  const world = await buildUseCases(db, { terms: { new_customer_days: days } });
  const longAgo = new Date(world.clock.now().getTime() - 3 * 365 * DAY_MS);
  const id = "customerId" in before ? before.customerId : "8802";
  const past = { createdAt: longAgo, firstOrderAt: longAgo, lastOrderAt: longAgo };
  world.shopify.customers.set(id, buildCustomerAnswer(id, { ...past, ...before }));
  const code = await mintCode(world);
  await backfill(world);
  await update(world, MARA, { email: "mara@example.com" });
  await bind(world, MARA, [tap(world, code)]);
  expect((await attributionsOf(world)).map((attribution) => attribution.reason)).toEqual([reason]);
  expect(await referralsOf(world)).toHaveLength(reason === null ? 1 : 0);
});

test("with every protected field withheld the back-filled account is still known by its id", async () => {
  const world = await buildUseCases(db);
  world.shopify.customers.set(MARA, buildCustomerAnswer(MARA, { email: null, phone: null }));
  const code = await mintCode(world);
  await backfill(world);
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [tap(world, code)]);
  expect((await attributionsOf(world)).map(({ reason }) => reason)).toEqual(["existing_customer"]);
});

test("a sign-up form that brought a link opens the referral, however often it is told, and an old or edited link does not", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  const token = tap(world, code);
  const at = world.clock.now().getTime();
  const signUp = (customerId: string, link: string) =>
    hear(
      world,
      buildCustomerFacts({ person: personFacts(world, customerId), createdAt: at, updatedAt: at, token: link }),
    );
  await signUp(EVE, `${token.slice(0, -4)}AAAA`);
  await signUp(EVE, tap(world, code, { at: at - 31 * DAY_MS }));
  expect(await referralsOf(world)).toEqual([]);
  await signUp(MARA, token);
  await signUp(MARA, token);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", code, friend: await personOf(world, MARA) });
});
