import { afterAll, expect, test } from "vitest";
import { codeByText } from "#app/data/codes.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import { buildCustomerFacts } from "#test/builders/domain.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import {
  bind,
  buy,
  casesOf,
  COOLING_OFF_MS,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  personFacts,
  personOf,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { newId } from "#app/platform/ids.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { identifyPerson } from "./identify-person.ts";
import { mergeByShopify } from "./merge-by-shopify.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Shopify makes one customer of two. */
async function merge(world: UseCases, kept: string, deleted: string): Promise<void> {
  const { keyring } = world.shop;
  const facts = {
    kind: "merge",
    keptHash: keyring.person("customer", kept),
    deletedHash: keyring.person("customer", deleted),
    keptId: kept,
  } as const;
  const event = { shopId: world.shopId, id: "", topic: "customers/merge", facts, receivedAt: world.clock.now() };
  await mergeByShopify(world, event);
}

/** A customer is seen with an address. */
async function sees(world: UseCases, customerId: string, keys: { email?: string; phone?: string } = {}): Promise<void> {
  await world.deliver("customers/create", buildCustomerFacts({ person: personFacts(world, customerId, keys) }));
  await world.work();
}

/** A friend who came by this code a moment ago, and has bought if an order is named. */
async function friendOf(
  world: UseCases,
  code: string,
  customerId: string,
  orderId: string | null = null,
): Promise<void> {
  world.clock.skip(HOUR_MS);
  await bind(world, customerId, [tap(world, code)]);
  world.clock.skip(HOUR_MS);
  if (orderId !== null) await buy(world, { customerId, orderId });
}

test("a customer's id and e-mail address lead to one person, in either order", async () => {
  const world = await buildUseCases(db);
  await sees(world, "1", { email: "a@example.com" });
  await sees(world, "2", { email: "b@example.com" });
  expect(await personOf(world, "1")).not.toBe(await personOf(world, "2"));
  await sees(world, "2", { email: "a@example.com" });
  expect(await personOf(world, "2")).toBe(await personOf(world, "1"));
  expect(await findingsOf(world)).toEqual([]);
});

test("a phone number makes nobody one when the e-mail addresses differ", async () => {
  const world = await buildUseCases(db);
  await sees(world, "1", { email: "a@example.com", phone: "+442079460000" });
  await sees(world, "2", { email: "b@example.com", phone: "+442079460000" });
  expect(await personOf(world, "1")).not.toBe(await personOf(world, "2"));
});

test("an address that a sixth customer uses stops identifying anybody, and makes no more people one", async () => {
  const world = await buildUseCases(db);
  const till = { email: "till@example.com" };
  for (const customerId of ["1", "2", "3", "4", "5"]) await sees(world, customerId, till);
  const [first, fifth] = [await personOf(world, "1"), await personOf(world, "5")];
  expect(fifth).toBe(first);
  await sees(world, "6", till);
  await sees(world, "7", till);
  expect(await personOf(world, "6")).not.toBe(first);
  expect(await personOf(world, "7")).not.toBe(await personOf(world, "6"));
  expect(await world.query("SELECT FROM person_keys WHERE kind = 'email' AND identifies")).toEqual([]);
});

test("twenty deliveries about one new customer at once make one person", async () => {
  const world = await buildUseCases(db);
  const hashes = personFacts(world, MARA, { email: "mara@example.com" });
  const { shopId } = world;
  const found = await Promise.all(
    Array.from({ length: 20 }, () =>
      retryRaces(() =>
        inShop(world.pools, shopId, (tx) => identifyPerson(tx, { shopId, hashes, now: world.clock.now() })),
      ),
    ),
  );
  expect(new Set(found).size).toBe(1);
  expect(await world.query("SELECT FROM people")).toHaveLength(1);
});

test("merges of a chain of people at once end flat, with one person", async () => {
  const world = await buildUseCases(db);
  for (const customerId of ["1", "2", "3", "4"]) await sees(world, customerId);
  const merges = [
    ["1", "2"],
    ["3", "2"],
    ["4", "3"],
    ["1", "4"],
  ] as const;
  // A merge that lost to another is refused by person_guard: its row comes back, as here.
  await Promise.allSettled(merges.map(([kept, deleted]) => merge(world, kept, deleted)));
  for (const [kept, deleted] of merges) await merge(world, kept, deleted);
  const people = await Promise.all(["1", "2", "3", "4"].map((customerId) => personOf(world, customerId)));
  expect(new Set(people).size).toBe(1);
  expect(
    await world.query("SELECT FROM people p JOIN people q ON q.id = p.merged_into WHERE q.merged_into IS NOT NULL"),
  ).toEqual([]);
});

test("of two live referrals the one with an order stays, though it is the younger", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await friendOf(world, code, "1");
  await friendOf(world, code, "2", "5002");
  await merge(world, "1", "2");
  expect(await referralsOf(world)).toMatchObject([
    { state: "REJECTED", reason: "duplicate_person" },
    { state: "PENDING", order: "5002" },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("of two live referrals without an order the older stays", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await friendOf(world, code, "1");
  await friendOf(world, code, "2");
  await merge(world, "2", "1");
  expect(await referralsOf(world)).toMatchObject([
    { state: "PENDING" },
    { state: "REJECTED", reason: "duplicate_person" },
  ]);
});

test("a live referral beside a rewarded one is rejected, and the payout stands", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await friendOf(world, code, "1", "5001");
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await friendOf(world, code, "2", "5002");
  await merge(world, "1", "2");
  expect(await referralsOf(world)).toMatchObject([
    { state: "REWARDED" },
    { state: "REJECTED", reason: "duplicate_person" },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("two rewarded referrals of one person are a case, and nothing is taken back", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await friendOf(world, code, "1", "5001");
  await friendOf(world, code, "2", "5002");
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await merge(world, "1", "2");
  expect(await referralsOf(world)).toMatchObject([{ state: "REWARDED" }, { state: "REWARDED" }]);
  expect(await casesOf(world)).toMatchObject([{ kind: "conflict", reason: "duplicate_person" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a friend who turns out to be the referrer is rejected as same_account", async () => {
  const world = await buildUseCases(db);
  await friendOf(world, await mintCode(world), MARA, "5001");
  await merge(world, DAN, MARA);
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "same_account" });
});

test("a friend who turns out to be the referrer after the payout is a case", async () => {
  const world = await buildUseCases(db);
  await friendOf(world, await mintCode(world), MARA, "5001");
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  await merge(world, DAN, MARA);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await casesOf(world)).toMatchObject([{ kind: "conflict", reason: "same_account" }]);
});

test("of two codes the older stays and the other leads to it: clicks on either count for it", async () => {
  const world = await buildUseCases(db);
  const older = await mintCode(world, DAN);
  world.clock.skip(HOUR_MS);
  const younger = await mintCode(world, EVE);
  await merge(world, DAN, EVE);
  expect(await world.query("SELECT code FROM codes WHERE state = 'active'")).toEqual([{ code: older }]);
  const led = await inShop(world.pools, world.shopId, (tx) => codeByText(tx, world.shopId, younger));
  expect(led).toMatchObject({ code: older, state: "active" });
  await friendOf(world, younger, MARA);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", code: older });
  expect(await mintCode(world, EVE)).toBe(older);
});

test("what is known of a person under any of their names is screened: an order before the click blocks after a merge", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world);
  await buy(world, { customerId: "1", orderId: "4001" });
  await friendOf(world, code, "2", "5002");
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
  await merge(world, "1", "2");
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "existing_customer" });
});

test("a referrer's rewards count against one cap under all their names, and the counters agree", async () => {
  const world = await buildUseCases(db, { terms: { cap_30_days: 2 } });
  const [first, second] = [await mintCode(world, DAN), await mintCode(world, EVE)];
  await friendOf(world, first, "1", "5001");
  await friendOf(world, second, "2", "5002");
  await friendOf(world, second, "3", "5003");
  world.clock.skip(COOLING_OFF_MS - 3 * HOUR_MS);
  await world.work();
  expect(await referralsOf(world)).toMatchObject([{ state: "REWARDED" }, { state: "PENDING" }, { state: "PENDING" }]);
  await merge(world, DAN, EVE);
  world.clock.skip(6 * HOUR_MS);
  await world.work();
  expect(await referralsOf(world)).toMatchObject([
    { state: "REWARDED" },
    { state: "REWARDED" },
    { state: "HELD", reason: "reward_cap" },
  ]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a code that stays with a name that was merged goes on: it opens, pays and counts for the one person", async () => {
  const world = await buildUseCases(db);
  await sees(world, EVE);
  world.clock.skip(HOUR_MS);
  const code = await mintCode(world, DAN);
  await merge(world, EVE, DAN);
  expect(await mintCode(world, EVE)).toBe(code);
  await friendOf(world, code, MARA, "5001");
  await bind(world, DAN, [tap(world, code)]);
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED", code });
  expect(await world.query("SELECT used FROM cap_counters WHERE used > 0")).toEqual([{ used: 1n }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("a merge that is told of a shop that is gone changes nobody, and rings for nobody", async () => {
  const world = await buildUseCases(db);
  await sees(world, "1");
  await sees(world, "2");
  const people = [await personOf(world, "1"), await personOf(world, "2")];
  const rung = world.rung.length;
  await merge({ ...world, shopId: newId() }, "1", "2");
  expect([await personOf(world, "1"), await personOf(world, "2")]).toEqual(people);
  expect(world.rung).toHaveLength(rung);
});
