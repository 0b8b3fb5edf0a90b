import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS, NOON, platformDate } from "#test/builders/domain.ts";
import { REWARD_KINDS } from "../terms/terms.ts";
import { isRewardCodeLike, REWARD_CODE_ALPHABET, rewardCodeFromMac } from "./reward-code.ts";
import { expiryFor, parentDiscountKey } from "./reward-expiry.ts";
import { rewardAmountMinor, rewardUnit } from "./reward-value.ts";
import { owedSides, SIDE } from "./side.ts";

test("percentages and free delivery are coupons, everything else is money", () => {
  expect(
    REWARD_KINDS.map((kind) => [rewardUnit(kind, "GBP"), rewardAmountMinor({ kind, amountMinor: 1_250n })]),
  ).toEqual([
    ["GBP", 1_250n],
    ["coupon", 1n],
    ["coupon", 1n],
    ["GBP", 1_250n],
    ["GBP", 1_250n],
  ]);
});

test("both sides are owed, unless the friend's is spent on the first order", () => {
  expect(owedSides("after_first_order")).toBe(SIDE.referrer + SIDE.friend);
  expect(owedSides("on_first_order")).toBe(SIDE.referrer);
});

test("rewardCodeFromMac prints sixteen characters from the first ten bytes", () => {
  expect(rewardCodeFromMac(new Uint8Array(10))).toBe("0".repeat(16));
  expect(rewardCodeFromMac(new Uint8Array(32).fill(255))).toBe("Z".repeat(16));
  expect(rewardCodeFromMac(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 33))).toBe("0000000000000011");
  expect(() => rewardCodeFromMac(new Uint8Array(9))).toThrow(RangeError);
});

test("rewardCodeFromMac gives the same bytes the same code and others another", () => {
  expect(new Set(REWARD_CODE_ALPHABET).size).toBe(32);
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      const isSame = left.every((byte, place) => byte === right[place]);
      expect(rewardCodeFromMac(left) === rewardCodeFromMac(right)).toBe(isSame);
      expect(rewardCodeFromMac(left)).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    }),
  );
});

test("expiryFor gives at least the days promised, at most a week more, and ends a week", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 * NOON }), fc.integer({ min: 1, max: 1_825 }), (now, days) => {
      const expiresAt = expiryFor(now, days);
      expect(expiresAt).toBeGreaterThanOrEqual(now + days * DAY_MS);
      expect(expiresAt).toBeLessThan(now + (days + 7) * DAY_MS);
      expect(platformDate(expiresAt).toISOString()).toMatch(/T00:00:00\.000Z$/);
      expect(platformDate(expiresAt).getUTCDay()).toBe(1);
    }),
  );
});

test("parentDiscountKey is one a week, side and version of the terms", () => {
  const key = (now: number): string =>
    parentDiscountKey({ termsVersion: 3, side: SIDE.friend, expiresAt: expiryFor(now, 90) });
  expect(key(NOON)).toBe("v3-s2-2027-02-22");
  expect(key(NOON + DAY_MS)).toBe("v3-s2-2027-02-22");
  expect(key(NOON + 7 * DAY_MS)).toBe("v3-s2-2027-03-01");
});

test.each([
  ["0123456789ABCDEF", true],
  ["0123456789abcdef", true],
  ["0123456789ABCDE", false],
  ["0123456789ABCDEF0", false],
  ["0123456789ABCDEI", false],
  [" 123456789ABCDEF", false],
])("%j has the form of a reward code: %s", (code, has) => {
  expect(isRewardCodeLike(code)).toBe(has);
});
