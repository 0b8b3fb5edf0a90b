import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS, NOON } from "#test/builders/domain.ts";
import { afterUnpayable } from "./after-unpayable.ts";
import type { ConversionWindow, ConvertingOrder } from "./conversion.ts";
import { conversionOf, expiryDueAt } from "./conversion.ts";

const window: ConversionWindow = { clickedAt: NOON - DAY_MS, expiresAt: NOON + 29 * DAY_MS, coolingOffDays: 14 };
const order: ConvertingOrder = {
  orderId: "5001",
  createdAt: NOON,
  processedAt: NOON,
  paidAt: NOON + 60_000,
  cancelledAt: null,
  test: false,
  renewal: false,
  totalMinor: 4_200n,
};

test("conversionOf records a paid order, due once the cooling-off is over", () => {
  expect(conversionOf(order, window)).toEqual({
    outcome: "converted",
    orderId: "5001",
    orderAt: NOON,
    paidAt: NOON + 60_000,
    eligibleAt: NOON + 60_000 + 14 * DAY_MS,
  });
});

test("conversionOf records an order that is not paid yet, without a date for its reward", () => {
  expect(conversionOf({ ...order, paidAt: null }, window)).toMatchObject({
    outcome: "converted",
    paidAt: null,
    eligibleAt: null,
  });
});

test("conversionOf counts an order made in the window, however late it is paid", () => {
  expect(conversionOf({ ...order, paidAt: window.expiresAt + 20 * DAY_MS }, window).outcome).toBe("converted");
});

test("conversionOf takes the earlier of an order's two times", () => {
  expect(conversionOf({ ...order, createdAt: window.expiresAt + 1, processedAt: NOON }, window)).toMatchObject({
    orderAt: NOON,
  });
  expect(conversionOf({ ...order, processedAt: window.expiresAt + 1 }, window)).toMatchObject({ orderAt: NOON });
});

test("conversionOf forgives the fraction of a second that order times lack", () => {
  expect(conversionOf({ ...order, createdAt: window.clickedAt - 999 }, window).outcome).toBe("converted");
});

test.each<[string, Partial<ConvertingOrder>]>([
  ["test_order", { test: true }],
  ["renewal", { renewal: true }],
  ["cancelled", { cancelledAt: NOON }],
  ["zero_total", { totalMinor: 0n }],
  ["zero_total", { totalMinor: -1n }],
  ["before_click", { createdAt: NOON - DAY_MS - 2_001 }],
  ["outside_window", { createdAt: NOON + 30 * DAY_MS, processedAt: NOON + 30 * DAY_MS }],
])("conversionOf refuses %s", (reason, change) => {
  expect(conversionOf({ ...order, ...change }, window)).toEqual({ outcome: "not_converted", reason });
});

test("conversionOf never makes a reward due before its order is paid", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 60 }), (coolingOffDays, paidAfterDays) => {
      const paidAt = NOON + paidAfterDays * DAY_MS;
      const result = conversionOf({ ...order, paidAt }, { ...window, coolingOffDays });
      expect(result.outcome === "converted" && result.eligibleAt !== null && result.eligibleAt >= paidAt).toBe(true);
    }),
  );
});

test("a referral lapses 26 hours after its window, and keeps room for another order until then", () => {
  const dueAt = expiryDueAt(window.expiresAt);
  expect(dueAt - window.expiresAt).toBe(26 * 3_600_000);
  expect(afterUnpayable({ expiresAt: window.expiresAt, now: dueAt - 1 })).toBe("clear_order");
  expect(afterUnpayable({ expiresAt: window.expiresAt, now: dueAt })).toBe("void");
});
