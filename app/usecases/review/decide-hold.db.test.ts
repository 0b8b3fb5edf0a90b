import { afterAll, expect, test } from "vitest";
import { newId } from "#app/platform/ids.ts";
import { buildCustomerFacts } from "#test/builders/domain.ts";
import { heldUp } from "#test/builders/held-up.ts";
import {
  bind,
  buy,
  casesOf,
  DAN,
  EVE,
  findingsOf,
  HOUR_MS,
  MARA,
  mintCode,
  onlyReferral,
  personFacts,
  referralsOf,
  tap,
} from "#test/builders/journeys.ts";
import { buildRewardingShop, decide, openCaseOf } from "#test/builders/rewarded.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const DEVICE = "11111111-2222-4333-8444-555555555555";

/** Mara signs up over Dan's own browser, and is held before she buys anything. */
async function heldBeforeAnOrder(): Promise<UseCases> {
  const world = await buildRewardingShop(db);
  await hold(world);
  return world;
}

async function hold(world: UseCases): Promise<void> {
  const code = await mintCode(world, DAN, DEVICE);
  await bind(world, MARA, [tap(world, code)], DEVICE);
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD", order: null });
}

async function closedCase(world: UseCases) {
  const closed = (await casesOf(world)).find(({ state }) => state === "closed");
  if (closed === undefined) throw new Error("no case was decided");
  return closed;
}

test("an approval before there is an order lets the referral wait for one, and settles nothing", async () => {
  const world = await heldBeforeAnOrder();
  expect(await decide(world, await openCaseOf(world), { intent: "approve" })).toEqual({
    outcome: "decided",
    state: "PENDING",
  });
  expect(await world.query("SELECT FROM outbox WHERE topic = 'referral.settle'")).toEqual([]);
});

test.each([null, "", "  "])("neither a rejection nor its undo is made with %j for a reason", async (reason) => {
  const world = await heldBeforeAnOrder();
  const open = await openCaseOf(world);
  expect(await decide(world, open, { intent: "reject", reason })).toMatchObject({ outcome: "not_allowed" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
  await decide(world, open, { intent: "reject", reason: "same_person" });
  expect(await decide(world, await closedCase(world), { intent: "undo", reason })).toMatchObject({
    outcome: "not_allowed",
  });
  expect((await referralsOf(world)).map(({ state }) => state)).toEqual(["REJECTED"]);
});

test("an undo of a rejection before an order opens a referral that still waits for one", async () => {
  const world = await heldBeforeAnOrder();
  await decide(world, await openCaseOf(world), { intent: "reject", reason: "same_person" });
  await decide(world, await closedCase(world), { intent: "undo", reason: "sisters" });
  expect(await referralsOf(world)).toMatchObject([
    { state: "REJECTED", order: null },
    { state: "PENDING", order: null },
  ]);
});

test.each(["the rejected one", "the other one"])(
  "an undo is refused when the friend turned out to be somebody who is referred already: %s was known first",
  async (first) => {
    const world = await buildRewardingShop(db);
    const eve = personFacts(world, EVE);
    if (first === "the other one") await world.deliver("customers/create", buildCustomerFacts({ person: eve }));
    await world.work();
    await hold(world);
    await decide(world, await openCaseOf(world), { intent: "reject", reason: "same_person" });
    world.clock.skip(HOUR_MS);
    await bind(world, EVE, [tap(world, await mintCode(world, DAN))]);
    const [kept, deleted] = [eve.customerHash, personFacts(world, MARA).customerHash];
    if (kept === null || deleted === null) throw new Error("both have customer ids");
    await world.deliver("customers/merge", { kind: "merge", keptId: EVE, keptHash: kept, deletedHash: deleted });
    await world.work();
    const before = await referralsOf(world);
    expect(before.map(({ state }) => state)).toEqual(["REJECTED", "PENDING"]);
    expect(await decide(world, await closedCase(world), { intent: "undo", reason: "sisters" })).toMatchObject({
      outcome: "not_allowed",
    });
    expect([await referralsOf(world), await findingsOf(world)]).toEqual([before, []]);
  },
);

test("an undo does without what was kept of the order, once that is forgotten", async () => {
  const world = await heldBeforeAnOrder();
  await buy(world, { customerId: MARA, orderId: "5001", device: DEVICE });
  await decide(world, await openCaseOf(world), { intent: "reject", reason: "same_person" });
  await db.ownerPool.query("UPDATE referrals SET order_snapshot = NULL WHERE shop_id = $1", [world.shopId]);
  await decide(world, await closedCase(world), { intent: "undo", reason: "sisters" });
  expect(await referralsOf(world)).toMatchObject([
    { state: "REJECTED", order: "5001" },
    { state: "PENDING", order: "5001" },
  ]);
});

test("of two people who decide at once on a case of no referral, one decides and the other is told that it is stale", async () => {
  const world = await buildRewardingShop(db);
  await world.query("INSERT INTO cases (shop_id, id, kind, reason) VALUES ($1, $2, 'conflict', 'both_rewarded')", [
    world.shopId,
    newId(),
  ]);
  const open = await openCaseOf(world);
  const ended = await heldUp(world.databaseUrl, "cases", 2, () => [
    decide(world, open, { intent: "leave" }),
    decide(world, open, { intent: "leave", actor: "7002" }),
  ]);
  const outcomes = ended.map((each) => (each.status === "fulfilled" ? each.value.outcome : String(each.reason)));
  expect(outcomes.toSorted()).toEqual(["decided", "stale"]);
  expect(await casesOf(world)).toMatchObject([{ state: "closed", decision: "left", version: 1 }]);
});
