import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import type { CaseView } from "#test/builders/journeys.ts";
import {
  bind,
  buy,
  casesOf,
  convertedFriend,
  COOLING_OFF_MS,
  DAN,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  orderFacts,
  paidOf,
  placeOrder,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { ReviewInput, ReviewResult } from "./review-case.ts";
import { reviewCase } from "./review-case.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const PHONE = "3f2b8c1e-0000-4000-8000-000000000001";

/** A couple: Mara pays with the card that Dan pays with. */
async function heldCouple(world: UseCases): Promise<CaseView> {
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await convertedFriend(world, { cardUsed: DAN_CARD });
  return openCase(world);
}

async function openCase(world: UseCases): Promise<CaseView> {
  const held = (await casesOf(world)).find(({ state }) => state === "open");
  if (held === undefined) throw new Error("no case is open");
  return held;
}

function review(world: UseCases, seen: CaseView, changes: Partial<ReviewInput> = {}): Promise<ReviewResult> {
  return reviewCase(world, {
    shopId: world.shopId,
    caseId: seen.id,
    version: seen.version,
    intent: "approve",
    reason: null,
    note: null,
    actor: "staff-1",
    ...changes,
  });
}

test("a couple who share a card are held on the day of the order, and paid once a person approved", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "same_card" });
  expect(await review(world, held)).toEqual({ outcome: "decided", state: "PENDING" });
  await world.work();
  expect(await paidOf(world)).toEqual({ rewards: 0, posts: 0 });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "approved" }]);
  expect(await findingsOf(world)).toEqual([]);
});

test("an approval after the cooling-off pays at once; without one nothing is ever paid by time", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  world.clock.skip(2 * COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
  await review(world, held);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("the referrer's own second account, in the same browser with the same card, is rejected with the reason", async () => {
  const world = await buildUseCases(db);
  world.shopify.cards.set(DAN, [DAN_CARD]);
  const code = await mintCode(world, DAN, PHONE);
  world.clock.skip(HOUR_MS);
  await buy(world, {
    orderId: "5001",
    device: PHONE,
    cardUsed: DAN_CARD,
    tokens: { cartAttribute: [tap(world, code, { at: world.clock.now().getTime() - HOUR_MS / 2 })], landingSite: [] },
  });
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "same_card_and_device" });
  expect(await findingsOf(world)).toEqual([]);
});

test("a decision on a stale version changes nothing", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  expect(await review(world, held, { version: held.version + 1 })).toEqual({ outcome: "stale" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
  expect(await openCase(world)).toEqual(held);
});

test("of two reviewers at once one decides and the other is told that it is stale", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  const results = await Promise.all([
    review(world, held),
    review(world, held, { intent: "reject", reason: "one household", actor: "staff-2" }),
  ]);
  expect(results.filter(({ outcome }) => outcome === "decided")).toHaveLength(1);
  expect(results.filter(({ outcome }) => outcome === "stale")).toHaveLength(1);
  const approved = results[0]?.outcome === "decided";
  expect(await onlyReferral(world)).toMatchObject({ state: approved ? "PENDING" : "REJECTED" });
  expect(await findingsOf(world)).toEqual([]);
});

test("a rejection needs a reason, is on record with who made it, and is final", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  const reject = { intent: "reject", note: "seen before" } as const;
  expect(await review(world, held, { ...reject, reason: "  " })).toMatchObject({ outcome: "not_allowed" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
  expect(await review(world, held, { ...reject, reason: "one household" })).toEqual({
    outcome: "decided",
    state: "REJECTED",
  });
  expect(await onlyReferral(world)).toMatchObject({ state: "REJECTED", reason: "rejected_in_review" });
  const [entry] = await world.query("SELECT actor, detail FROM audit WHERE action = 'case.rejected'");
  expect(entry).toMatchObject({ actor: "staff-1", detail: { reason: "one household", note: "seen before" } });
  world.clock.skip(HOUR_MS);
  await bind(world, MARA, [tap(world, (await onlyReferral(world)).code)]);
  expect(await referralsOf(world)).toHaveLength(1);
  expect(await findingsOf(world)).toEqual([]);
});

test("an approval passes what was seen and nothing else: another rule at the payout holds again", async () => {
  const world = await buildUseCases(db);
  await review(world, await heldCouple(world));
  placeOrder(world, { orderId: "5001", cardUsed: DAN_CARD, admin: { risk: "INVESTIGATE" } });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "order_risk" });
  await review(world, await openCase(world));
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("the same rule with other evidence holds again", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world, { admin: { risk: "INVESTIGATE" } });
  await review(world, await openCase(world));
  placeOrder(world, { orderId: "5001", admin: { risk: "CANCEL" } });
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", reason: "order_risk" });
});

test("what came to light while a reviewer looked makes their decision stale", async () => {
  const world = await buildUseCases(db);
  const code = await mintCode(world, DAN, PHONE);
  await bind(world, MARA, [tap(world, code)], PHONE);
  const seen = await openCase(world);
  world.clock.skip(HOUR_MS);
  await buy(world, { orderId: "5001", admin: { risk: "INVESTIGATE" } });
  expect(await review(world, seen)).toEqual({ outcome: "stale" });
  await review(world, await openCase(world));
  world.clock.skip(COOLING_OFF_MS);
  await world.work();
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
});

test("looking again at what was seen leaves the case as it was", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  await world.deliver("orders/updated", orderFacts(world, { orderId: "5001" }));
  await world.work();
  expect(await openCase(world)).toEqual(held);
});

test("a note is kept and decides nothing; an undo is not offered; another shop's case is not there", async () => {
  const world = await buildUseCases(db);
  const held = await heldCouple(world);
  expect(await review(world, held, { intent: "note", note: "asked them" })).toMatchObject({ outcome: "decided" });
  expect(await world.query("SELECT detail FROM audit WHERE action = 'case.noted'")).toMatchObject([
    { detail: { note: "asked them" } },
  ]);
  expect(await review(world, held, { intent: "undo" })).toMatchObject({ outcome: "not_allowed" });
  expect(await review(await buildUseCases(db), held)).toEqual({ outcome: "not_found" });
  expect(await review(world, { ...held, id: newId() })).toEqual({ outcome: "not_found" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
});

test("risk that Shopify still weighs is awaited for half an hour, and then screened without", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world, { admin: { risk: "PENDING" } });
  const rules = () => world.query("SELECT FROM decisions");
  const before = (await rules()).length;
  world.clock.skip(HOUR_MS / 2);
  await world.work();
  expect((await rules()).length).toBe(before + 1);
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
});
