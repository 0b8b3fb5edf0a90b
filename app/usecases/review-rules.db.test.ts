import { afterAll, expect, test } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { staffOf } from "#app/data/review-rules.repo.ts";
import { DAN_CARD } from "#test/builders/fake-shopify.ts";
import { casesOf, convertedFriend, DAN, findingsOf, onlyReferral } from "#test/builders/journeys.ts";
import { decide, openCaseOf } from "#test/builders/rewarded.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createStaffMeeting } from "./meet-staff.ts";
import { reviewMany } from "./review-many.ts";
import type { SetReviewRulesInput } from "./set-review-rules.ts";
import { setReviewRules } from "./set-review-rules.ts";

const db = await createTestDatabase();
afterAll(db.drop);

/** A couple who share a card, held; and three people of the shop's staff, of whom 7001 came first. */
async function heldCouple() {
  const world = await buildUseCases(db, { terms: { friend: { when: "after_first_order" } } });
  const meetStaff = createStaffMeeting(world);
  for (const subject of ["7001", "7002", "7003", "7001"]) await meetStaff({ shopId: world.shopId, subject });
  world.shopify.cards.set(DAN, [DAN_CARD]);
  await convertedFriend(world, { cardUsed: DAN_CARD });
  return { world, held: await openCaseOf(world) };
}

function rules(world: UseCases, changes: Partial<SetReviewRulesInput>) {
  const { shopId } = world;
  return setReviewRules(world, { shopId, listedOnly: false, listed: [], secondOver: null, actor: "7001", ...changes });
}

test("the first who opens the app keeps the list, and only they may change it", async () => {
  const { world } = await heldCouple();
  const staff = await inShop(world.pools, world.shopId, (tx) => staffOf(tx, world.shopId));
  expect(staff.map(({ subject, manages }) => [subject, manages])).toEqual([
    ["7001", true],
    ["7002", false],
    ["7003", false],
  ]);
  expect(await rules(world, { listedOnly: true, actor: "7002" })).toEqual({ outcome: "not_manager" });
  expect(await rules(world, { listedOnly: true, listed: ["7002"] })).toEqual({ outcome: "saved" });
});

test("once only listed staff decide, nobody else's decision changes anything, and their notes still count", async () => {
  const { world, held } = await heldCouple();
  await rules(world, { listedOnly: true, listed: ["7002"] });
  expect(await decide(world, held, { intent: "approve", actor: "7003" })).toMatchObject({ outcome: "not_allowed" });
  expect(await decide(world, held, { intent: "approve", actor: "9999" })).toMatchObject({ outcome: "not_allowed" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
  expect(await decide(world, held, { intent: "note", note: "I know them", actor: "7003" })).toMatchObject({
    outcome: "decided",
  });
  expect(await decide(world, held, { intent: "approve", actor: "7002" })).toMatchObject({ state: "PENDING" });
});

test.each(["-1", "1.234", "ten", "1e3"])("an amount of %s is refused", async (secondOver) => {
  const { world } = await heldCouple();
  expect(await rules(world, { secondOver })).toEqual({ outcome: "bad_amount" });
});

test("over the shop's amount two people approve, and the same person twice is one", async () => {
  const { world, held } = await heldCouple();
  await rules(world, { secondOver: "19.99" });
  expect(await decide(world, held, { intent: "approve" })).toEqual({ outcome: "waits_for_second" });
  expect(await onlyReferral(world)).toMatchObject({ state: "HELD" });
  expect(await decide(world, held, { intent: "approve", actor: "7002" })).toEqual({ outcome: "stale" });
  const seen = await openCaseOf(world);
  expect(await decide(world, seen, { intent: "approve" })).toMatchObject({ outcome: "not_allowed" });
  await rules(world, { secondOver: null });
  expect(await decide(world, seen, { intent: "approve" })).toMatchObject({ outcome: "not_allowed" });
  expect(await decide(world, seen, { intent: "approve", actor: "7002" })).toMatchObject({ state: "PENDING" });
  expect(await findingsOf(world)).toEqual([]);
});

test("one person is enough for an amount that is not over the shop's, and to reject", async () => {
  const { world, held } = await heldCouple();
  await rules(world, { secondOver: "20.00" });
  expect(await decide(world, held, { intent: "approve" })).toMatchObject({ state: "PENDING" });
  const other = await heldCouple();
  await rules(other.world, { secondOver: "0" });
  expect(await decide(other.world, other.held, { intent: "reject", reason: "abuse" })).toMatchObject({
    state: "REJECTED",
  });
});

test("a dry run of several says what would happen to each, and changes nothing", async () => {
  const { world, held } = await heldCouple();
  const before = await casesOf(world);
  const cases = [
    { caseId: held.id, version: held.version + 1 },
    { caseId: held.id, version: held.version },
  ];
  const input = { shopId: world.shopId, intent: "approve", reason: null, note: null, actor: "7001", cases } as const;
  const dry = await reviewMany(world, { ...input, dryRun: true });
  expect(dry.map(({ result }) => result.outcome)).toEqual(["stale", "decided"]);
  expect([await casesOf(world), await onlyReferral(world)]).toMatchObject([before, { state: "HELD" }]);
  const done = await reviewMany(world, { ...input, dryRun: false });
  expect(done.map(({ result }) => result)).toEqual(dry.map(({ result }) => result));
  expect(await onlyReferral(world)).toMatchObject({ state: "PENDING" });
});
