import { afterAll, expect, test } from "vitest";
import type { UseCases } from "#test/builders/usecases.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import { buildCustomerAnswer } from "#test/builders/fake-shopify.ts";
import { convertedFriend, COOLING_OFF_MS, MARA, mintCode, personOf, tap, WINDOW_MS } from "#test/builders/journeys.ts";
import { buildRewardingShop, decide, openCaseOf, refund, rewardFriend } from "#test/builders/rewarded.ts";
import { buildScriptedShopify } from "#test/builders/scripted-admin.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { activatePixel } from "./activate-pixel.ts";
import { backfillCustomers } from "./backfill-customers.ts";
import { claimWelcome } from "./claim-welcome.ts";
import { expireWelcome } from "./expire-welcome.ts";
import { meetPeople } from "./meet-people.ts";
import type { KnownCustomer, OutboxWork, ShopAdmin } from "./ports.ts";
import { triggerFlow } from "./trigger-flow.ts";
import { withdrawCode } from "./withdraw-code.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const REFUSED = { outcome: "refused", code: "ACCESS_DENIED" } as const;
const THROTTLED = { outcome: "throttled", retryAfterMs: 1_000 } as const;
const UNKNOWN = { outcome: "unknown" } as const;
const DONE = { outcome: "done" };
const AGAIN = { outcome: "again" };

/** The world, with a few of Shopify's answers written by the test. */
function told(world: UseCases, answers: Partial<ShopAdmin>): UseCases {
  return { ...world, admin: buildScriptedShopify(answers) };
}

const row = (world: UseCases, payload: OutboxWork["payload"] = {}): OutboxWork => ({
  shopId: world.shopId,
  id: world.shopId,
  topic: "any",
  dedupeKey: "any",
  payload,
  attempts: 1,
  externalId: null,
});

test.each([
  [REFUSED, DONE],
  [UNKNOWN, AGAIN],
  [THROTTLED, AGAIN],
] as const)("a web pixel that Shopify answers with %j is %j", async (answer, verdict) => {
  const world = await buildUseCases(db);
  const asked = told(world, { activatePixel: () => Promise.resolve(answer) });
  expect(await activatePixel(asked, row(world))).toMatchObject(verdict);
});

/** A withdrawn reward whose code is still in the shop. */
async function withdrawn() {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  await refund(world, { orderId: "5001", amount: "42.00" });
  const open = await openCaseOf(world);
  await decide(world, open, { intent: "withdraw", side: "referrer" });
  return { world, work: row(world, { rewardId: referrer.id }) };
}

test("a withdrawn code that cannot be looked for, or not be deleted, for good is given up and said so", async () => {
  const { world, work } = await withdrawn();
  const blind = told(world, { findCode: () => Promise.resolve(REFUSED) });
  expect(await withdrawCode(blind, work)).toEqual({ outcome: "dead", reason: "ACCESS_DENIED" });
  const found = { outcome: "found", discountId: "gid://shopify/DiscountCodeNode/1", title: "Goodword" } as const;
  const sending = (answer: typeof REFUSED | typeof UNKNOWN | typeof THROTTLED) =>
    told(world, { findCode: () => Promise.resolve(found), withdrawCodes: () => Promise.resolve(answer) });
  expect(await withdrawCode(sending(REFUSED), work)).toEqual({ outcome: "dead", reason: "ACCESS_DENIED" });
  expect(await withdrawCode(sending(UNKNOWN), work)).toMatchObject({ ...AGAIN, reason: "code_being_deleted" });
  expect(await withdrawCode(sending(THROTTLED), work)).toMatchObject({ ...AGAIN, reason: "throttled" });
});

test("the code of a reward that stands is not deleted, whatever row asks for it", async () => {
  const world = await buildRewardingShop(db);
  const { referrer } = await rewardFriend(world, { customerId: MARA, orderId: "5001" });
  const deaf = told(world, { findCode: () => Promise.reject(new Error("asked")) });
  expect(await withdrawCode(deaf, row(world, { rewardId: referrer.id }))).toEqual(DONE);
});

test.each([
  [REFUSED, DONE],
  [UNKNOWN, AGAIN],
  [THROTTLED, AGAIN],
] as const)(
  "an expired welcome code that Shopify answers with %j is %j, and given to nobody",
  async (answer, verdict) => {
    const world = await buildUseCases(db, { fulfils: true, terms: { friend: { when: "on_first_order" } } });
    const token = tap(world, await mintCode(world));
    await world.work();
    const asks = {
      customerId: null,
      email: "eve@shop.example",
      device: null,
      prefix: null,
      cartToken: null,
      locale: "en",
    };
    const claimed = await claimWelcome(world, { shop: world.shop, token, ...asks });
    if (claimed.outcome === "refused" || claimed.welcomeCode === null) throw new Error("no code was claimed");
    const stateOf = async () =>
      (
        await world.query<{ state: string }>("SELECT state FROM welcome_codes WHERE code = $1", [claimed.welcomeCode])
      )[0];
    expect(await stateOf()).toEqual({ state: "claimed" });
    world.clock.skip(2 * WINDOW_MS);
    const asked = told(world, { withdrawCodes: () => Promise.resolve(answer) });
    expect(await expireWelcome(asked, await world.outboxRow("welcome.expire"))).toMatchObject(verdict);
    expect(await stateOf()).toEqual({ state: "expired" });
  },
);

test("a workflow that Shopify refuses to start is not started again", async () => {
  const world = await buildRewardingShop(db, { flowTrigger: true });
  await convertedFriend(world);
  world.shopify.trouble = null;
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await world.query("UPDATE outbox SET external_id = NULL WHERE topic = 'flow.trigger'");
  const work = await world.outboxRow("flow.trigger");
  expect(await triggerFlow(told(world, { triggerFlow: () => Promise.resolve(REFUSED) }), work)).toEqual(DONE);
});

test("people whom Shopify shows no more are not waited for; while it is too busy they are", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const work = await world.outboxRow("referral.meet");
  const gone = told(world, { readCustomer: () => Promise.resolve({ outcome: "not_found" }) });
  expect(await meetPeople(gone, work)).toEqual(DONE);
  await db.ownerPool.query("UPDATE people SET profile_enc = NULL WHERE shop_id = $1", [world.shopId]);
  const busy = told(world, { readCustomer: () => Promise.resolve(THROTTLED) });
  expect(["done", "again"]).toContain((await meetPeople(busy, work)).outcome);
});

test("customers of before are read later, as long as this process does not know their shop", async () => {
  const world = await buildUseCases(db);
  const shops = { ...world.shops, byId: () => Promise.resolve(null) };
  const asked = { ...told(world, { knownCustomers: () => Promise.reject(new Error("too early")) }), shops };
  expect(await backfillCustomers(asked, row(world))).toMatchObject({ outcome: "again", reason: "shop_unknown" });
});

function known(changes: Partial<KnownCustomer>): KnownCustomer {
  return { ...buildCustomerAnswer("8001"), phone: null, ...changes };
}

async function backfilled(world: UseCases, customer: KnownCustomer) {
  const page = { outcome: "ok", customers: [customer], next: null } as const;
  const verdict = await backfillCustomers(told(world, { knownCustomers: () => Promise.resolve(page) }), row(world));
  expect(verdict).toEqual(DONE);
  const id = await personOf(world, customer.customerId);
  const [person] = await world.query<{ first: Date | null; last: Date | null; keys: string[] }>(
    `SELECT first_order_at AS first, last_order_at AS last,
            (SELECT array_agg(kind::text ORDER BY kind::text) FROM person_keys k WHERE k.person_id = p.id) AS keys
       FROM people p WHERE id = $1`,
    [id],
  );
  return person;
}

test("customers of before are known by every key they have, and by when they may have ordered", async () => {
  const world = await buildUseCases(db);
  const joined = new Date(world.clock.now().getTime() - 10 * 86_400_000);
  const person = await backfilled(world, known({ phone: "+447946000001", createdAt: joined }));
  expect(person?.keys).toEqual(["customer", "email", "phone"]);
  // Shopify shows no date: they can have ordered when they joined, and not before.
  expect(person).toMatchObject({ first: joined, last: joined });
});

test("of an order that is no longer shown the last is as late as it can be, and a first after the last is the last", async () => {
  const world = await buildUseCases(db);
  const nowMs = world.clock.now().getTime();
  const old = await backfilled(world, known({ customerId: "8002", createdAt: new Date(nowMs - 400 * 86_400_000) }));
  expect(old?.last).toEqual(new Date(nowMs - 60 * 86_400_000));
  const lastOrderAt = new Date(nowMs - 5 * 86_400_000);
  const firstOrderAt = new Date(nowMs - 4 * 86_400_000);
  const odd = await backfilled(world, known({ customerId: "8003", email: null, firstOrderAt, lastOrderAt }));
  expect(odd).toMatchObject({ first: lastOrderAt, last: lastOrderAt, keys: ["customer"] });
  const none = await backfilled(world, known({ customerId: "8004", email: null, numberOfOrders: 0n }));
  expect(none).toMatchObject({ first: null, last: null });
});

test.each([
  [REFUSED, { outcome: "dead", reason: "ACCESS_DENIED" }],
  [THROTTLED, AGAIN],
] as const)("a back-fill that Shopify answers with %j is %j", async (answer, verdict) => {
  const world = await buildUseCases(db);
  const asked = told(world, { knownCustomers: () => Promise.resolve(answer) });
  expect(await backfillCustomers(asked, row(world))).toMatchObject(verdict);
});

test("a shop whose facts Shopify never told is asked about before its customers are read", async () => {
  const world = await buildUseCases(db);
  await db.ownerPool.query("UPDATE shops SET currency = NULL, exponent = NULL WHERE id = $1", [world.shopId]);
  world.shops.forget(world.shopId);
  const away = told(world, { shopFacts: () => Promise.resolve(THROTTLED) });
  expect(await backfillCustomers(away, row(world))).toMatchObject({ ...AGAIN, reason: "throttled" });
});
