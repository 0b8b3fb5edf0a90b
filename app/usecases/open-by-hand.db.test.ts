import { afterAll, expect, test } from "vitest";
import { openCase } from "#app/data/cases.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import {
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  paidOf,
  personOf,
  placeOrder,
  referralsOf,
} from "#test/builders/journeys.ts";
import { decide, openCaseOf } from "#test/builders/rewarded.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createStaffMeeting } from "./meet-staff.ts";
import { openByHand } from "./open-by-hand.ts";
import type { OpenByHandInput } from "./open-by-hand.ts";
import { setReviewRules } from "./set-review-rules.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** Dan has a link; Mara bought on his word, and nothing shows it. */
async function untracked() {
  const world = await buildUseCases(db, { terms: { friend: { when: "after_first_order" } } });
  await mintCode(world);
  placeOrder(world, { orderId: "5001" });
  world.clock.skip(HOUR_MS);
  return { world, dan: (await personOf(world, DAN)) ?? "" };
}

function byHand(world: UseCases, personId: string, changes: Partial<OpenByHandInput> = {}) {
  const asked = { orderId: "5001", reason: "She wrote to us", appeal: null, actor: "7001", ...changes };
  return openByHand(world, { shopId: world.shopId, personId, ...asked });
}

test("a referral opened by hand runs as any other: it cools off, is screened, and is paid once", async () => {
  const { world, dan } = await untracked();
  expect(await byHand(world, dan)).toMatchObject({ outcome: "opened", waitsForSecond: false });
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING", order: "5001", referrer: dan });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(world.shopify.calls.filter((call) => call === "readEvidence").length, "the order is read again").toBe(2);
  expect([await paidOf(world), await findingsOf(world)]).toEqual([{ rewards: 2, posts: 2 }, []]);
  const [entry] = await world.query("SELECT actor, detail FROM audit WHERE action = 'referral.opened_by_hand'");
  expect(entry).toMatchObject({ actor: "7001", detail: { reason: "She wrote to us", orderId: "5001" } });
});

test("an appeal that ends in a referral is closed by it; on a stale version nothing opens", async () => {
  const { world, dan } = await untracked();
  const appeal = { shopId: world.shopId, kind: "appeal", referralId: null, personId: dan, reason: "appeal" } as const;
  await inShop(world.pools, world.shopId, (tx) => openCase(tx, { ...appeal, now: world.clock.now() }));
  const { id: caseId, version } = await openCaseOf(world);
  expect(await byHand(world, dan, { appeal: { caseId, version: version + 1 } })).toEqual({ outcome: "stale" });
  expect(await referralsOf(world)).toEqual([]);
  expect(await byHand(world, dan, { appeal: { caseId, version } })).toMatchObject({ outcome: "opened" });
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "opened" }]);
});

test("an order that counts already, a friend who was referred, and one's own order open nothing", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  const dan = (await personOf(world, DAN)) ?? "";
  expect(await byHand(world, dan)).toMatchObject({ outcome: "refused", why: expect.stringContaining("counts") });
  placeOrder(world, { orderId: "5002" });
  expect(await byHand(world, dan, { orderId: "5002" })).toMatchObject({ outcome: "refused" });
  placeOrder(world, { orderId: "5003", customerId: DAN });
  expect(await byHand(world, dan, { orderId: "5003" })).toMatchObject({
    outcome: "refused",
    why: "That is this customer's own order.",
  });
  expect(await referralsOf(world)).toHaveLength(1);
});

test.each([
  ["of which Shopify knows nothing", "404", {}],
  ["that was cancelled", "5009", { cancelledAt: new Date() }],
  ["that is a test", "5009", { test: true }],
  ["that is not paid", "5009", { fullyPaid: false }],
  ["of no customer", "5009", { customerId: null }],
])("an order %s opens nothing", async (_what, orderId, admin) => {
  const { world, dan } = await untracked();
  placeOrder(world, { orderId: "5009", customerId: EVE, admin });
  expect(await byHand(world, dan, { orderId })).toMatchObject({ outcome: "refused" });
  expect(await referralsOf(world)).toEqual([]);
});

test("a friend who bought before that order is not paid for", async () => {
  const { world, dan } = await untracked();
  placeOrder(world, { orderId: "5002" });
  await world.deliver("orders/paid", placeOrder(world, { orderId: "5000" }));
  await world.work();
  world.clock.skip(HOUR_MS);
  placeOrder(world, { orderId: "5003" });
  expect(await byHand(world, dan, { orderId: "5003" })).toMatchObject({ outcome: "opened" });
  await world.work();
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "existing_customer" });
});

test("a friend whose referral was rejected comes back by its undo alone", async () => {
  const world = await buildUseCases(db);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await convertedFriend(world, { cardUsed: DAN_CARD });
  await decide(world, await openCaseOf(world), { intent: "reject", reason: "abuse" });
  placeOrder(world, { orderId: "5002" });
  expect(await byHand(world, (await personOf(world, DAN)) ?? "", { orderId: "5002" })).toMatchObject({
    outcome: "refused",
    why: expect.stringContaining("Undo"),
  });
});

test("twenty in thirty days is as many as there may be, also of two at once", async () => {
  const { world, dan } = await untracked();
  for (let order = 0; order < 19; order += 1) {
    placeOrder(world, { orderId: String(6000 + order), customerId: String(8000 + order) });
    expect(await byHand(world, dan, { orderId: String(6000 + order) })).toMatchObject({ outcome: "opened" });
  }
  placeOrder(world, { orderId: "6100", customerId: "8100" });
  const both = await Promise.all([byHand(world, dan), byHand(world, dan, { orderId: "6100" })]);
  expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(["opened", "refused"]);
  world.clock.skip(31 * 24 * HOUR_MS);
  placeOrder(world, { orderId: "6200", customerId: "8200" });
  expect(await byHand(world, dan, { orderId: "6200" })).toMatchObject({ outcome: "opened" });
});

test("over the shop's amount opening by hand is one approval of two", async () => {
  const { world, dan } = await untracked();
  const { shopId } = world;
  await createStaffMeeting(world)({ shopId, subject: "7001" });
  await setReviewRules(world, { shopId, listedOnly: false, listed: [], secondOver: "5", actor: "7001" });
  expect(await byHand(world, dan)).toMatchObject({ outcome: "opened", waitsForSecond: true });
  const held = await openCaseOf(world);
  expect(await decide(world, held, { intent: "approve" })).toMatchObject({ outcome: "not_allowed" });
  expect(await decide(world, held, { intent: "approve", actor: "7002" })).toMatchObject({ state: "PENDING" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED", friend: await personOf(world, MARA) });
});

test("while Shopify does not answer nothing opens", async () => {
  const { world, dan } = await untracked();
  world.shopify.trouble = { outcome: "unavailable", retryAfterMs: 1 };
  expect(await byHand(world, dan)).toEqual({ outcome: "unavailable" });
});

test("a friend whose referral was opened by hand gets a welcome code of the pool, for no tap brought them one", async () => {
  const world = await buildUseCases(db, { fulfils: true, terms: { friend: { when: "on_first_order" } } });
  await mintCode(world);
  placeOrder(world, { orderId: "5001" });
  world.clock.skip(HOUR_MS);
  expect(await byHand(world, (await personOf(world, DAN)) ?? "")).toMatchObject({ outcome: "opened" });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  const [welcome] = await world.query<{ status: string; code: string }>(
    "SELECT status, code FROM rewards WHERE side = 2",
  );
  expect(welcome?.status).toBe("issued");
  expect(await world.query("SELECT state FROM welcome_codes WHERE code = $1", [welcome?.code])).toEqual([
    { state: "issued" },
  ]);
});
