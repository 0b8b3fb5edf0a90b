import fc from "fast-check";
import { expect, test } from "vitest";
import { buildMergingPerson, buildMergingReferral, NOON } from "#test/builders/domain.ts";
import { REFERRAL_STATES } from "../referral/state.ts";
import type { MergingReferral } from "./merge-plan.ts";
import { mergePlan } from "./merge-plan.ts";

const older = buildMergingPerson({ personId: "person-a", createdAt: NOON });
const younger = buildMergingPerson({ personId: "person-b", createdAt: NOON + 1 });
const plan = (...referrals: readonly MergingReferral[]): ReturnType<typeof mergePlan> =>
  mergePlan(younger, older, referrals);
const live = buildMergingReferral({ referralId: "live" });
const other = buildMergingReferral({ referralId: "other", friendPerson: "person-b", openedAt: NOON + 1 });

test("mergePlan keeps the older record and does nothing else, when nothing meets", () => {
  expect(plan()).toEqual({
    outcome: "merge",
    keptPerson: "person-a",
    mergedPerson: "person-b",
    rejections: [],
    conflicts: [],
    codes: null,
  });
});

test("mergePlan has nothing to do for one record", () => {
  expect(mergePlan(older, older, [])).toEqual({ outcome: "same" });
});

test("of two live referrals the older stays", () => {
  expect(plan(other, live)).toMatchObject({
    rejections: [{ referralId: "other", reason: "duplicate_person" }],
    conflicts: [],
  });
});

test("of two live referrals the one with an order stays, though it is younger", () => {
  expect(plan(live, { ...other, hasOrder: true })).toMatchObject({
    rejections: [{ referralId: "live", reason: "duplicate_person" }],
  });
});

test("of two live referrals of one moment the lower id stays", () => {
  expect(plan({ ...other, openedAt: NOON }, live)).toMatchObject({ rejections: [{ referralId: "other" }] });
});

test("beside a rewarded referral no live one stays, a held one neither", () => {
  for (const state of ["PENDING", "HELD"] as const) {
    expect(plan({ ...other, state: "REWARDED", hasOrder: true }, { ...live, state })).toMatchObject({
      rejections: [{ referralId: "live", reason: "duplicate_person" }],
      conflicts: [],
    });
  }
});

test("two rewarded referrals are for a person to look at", () => {
  expect(plan({ ...live, state: "REWARDED" }, { ...other, state: "REWARDED" })).toMatchObject({
    rejections: [],
    conflicts: [{ referralId: "other", reason: "duplicate_person" }],
  });
});

test("a referral between the two was to oneself: a live one is rejected, a rewarded one looked at", () => {
  const own = { ...live, referrerPerson: "person-b" };
  expect(plan(own)).toMatchObject({ rejections: [{ referralId: "live", reason: "same_account" }], conflicts: [] });
  expect(plan({ ...own, state: "REWARDED" })).toMatchObject({
    rejections: [],
    conflicts: [{ referralId: "live", reason: "same_account" }],
  });
});

test("referrals that ended, or in which neither is the friend, stay as they are", () => {
  const asReferrer = buildMergingReferral({ friendPerson: "person-mara", referrerPerson: "person-a" });
  expect(
    plan(
      asReferrer,
      { ...asReferrer, referralId: "referral-2", referrerPerson: "person-b" },
      { ...live, state: "EXPIRED" },
      other,
    ),
  ).toMatchObject({
    rejections: [],
    conflicts: [],
  });
});

test("of two codes the older is kept and the younger becomes its alias", () => {
  const withCode = (person: typeof older, codeId: string, createdAt: number): typeof older => ({
    ...person,
    code: { codeId, createdAt },
  });
  const codes = { keptCode: "code-2", aliasedCode: "code-1" };
  expect(mergePlan(withCode(older, "code-1", NOON + 5), withCode(younger, "code-2", NOON), [])).toMatchObject({
    codes,
  });
  expect(mergePlan(withCode(younger, "code-2", NOON), withCode(older, "code-1", NOON + 5), [])).toMatchObject({
    codes,
  });
  expect(mergePlan(withCode(older, "code-1", NOON), younger, [])).toMatchObject({ codes: null });
});

const anyReferral = fc.record({
  referralId: fc.uuid(),
  state: fc.constantFrom(...REFERRAL_STATES),
  friendPerson: fc.constantFrom("person-a", "person-b", "person-c"),
  referrerPerson: fc.constantFrom("person-a", "person-b", "person-d"),
  hasOrder: fc.boolean(),
  openedAt: fc.constantFrom(NOON, NOON + 1),
});
const anyReferrals = fc.uniqueArray(anyReferral, { selector: ({ referralId }) => referralId, maxLength: 6 });

test("mergePlan is the same both ways round and leaves at most one live or rewarded referral uncontested", () => {
  fc.assert(
    fc.property(anyReferrals, fc.constantFrom(NOON, NOON + 1), (referrals, createdAt) => {
      const right = { ...younger, createdAt };
      const result = mergePlan(older, right, referrals);
      expect(mergePlan(right, older, referrals.toReversed())).toEqual(result);
      if (result.outcome === "same") throw new Error("two records are not one");
      const touched = new Set([...result.rejections, ...result.conflicts].map(({ referralId }) => referralId));
      const left = referrals.filter(
        ({ referralId, state, friendPerson }) =>
          !touched.has(referralId) && ["PENDING", "HELD", "REWARDED"].includes(state) && friendPerson !== "person-c",
      );
      expect(left.length).toBeLessThanOrEqual(1);
    }),
  );
});
