import { expect, test } from "vitest";
import { APPEAL_GROUNDS, isAppealable, parseGround } from "./appeal.ts";

test("a ground is one of the list; anything else is taken as another ground, never as text", () => {
  expect(APPEAL_GROUNDS.map(parseGround)).toEqual([...APPEAL_GROUNDS]);
  expect([undefined, null, 1, "", "NEW_CUSTOMER", "my own words"].map(parseGround)).toEqual(Array(6).fill("other"));
});

test.each([
  ["REJECTED", true],
  ["EXPIRED", true],
  ["VOIDED", true],
  ["PENDING", false],
  ["HELD", false],
  ["REWARDED", false],
] as const)("a referral that is %s may be appealed: %s", (state, may) => {
  expect(isAppealable(state)).toBe(may);
});
