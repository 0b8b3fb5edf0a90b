import fc from "fast-check";
import { expect, test } from "vitest";
import { buildLine } from "#test/builders/domain.ts";
import { orderBase } from "./order-base.ts";

test("in Great Britain prices include tax, which does not count: £42.00 with 20 % VAT inside is a base of £35.00", () => {
  expect(orderBase([buildLine({ discountedMinor: 4_200n, taxMinor: 700n })], true)).toBe(3_500n);
});

test("in the United States tax comes on top and is not taken off: $42.00 plus $3.47 is a base of $42.00", () => {
  expect(orderBase([buildLine({ discountedMinor: 4_200n, taxMinor: 347n })], false)).toBe(4_200n);
});

test("in Japan, yen without decimals: one of three boxes for ¥3,300 with 10 % inside sent back leaves ¥2,000", () => {
  expect(
    orderBase([buildLine({ quantity: 3, currentQuantity: 2, discountedMinor: 3_300n, taxMinor: 300n })], true),
  ).toBe(2_000n);
});

test.each([
  ["gift cards", { isGiftCard: true }],
  ["tips", { isTip: true }],
  ["lines that went back in full", { currentQuantity: 0 }],
  ["lines of nothing", { quantity: 0 }],
  ["lines that are free", { discountedMinor: 0n, taxMinor: 0n }],
  ["lines whose tax exceeds their price", { discountedMinor: 10n, taxMinor: 11n }],
])("%s do not count", (_what, change) => {
  expect(orderBase([buildLine(change), buildLine({ discountedMinor: 1_200n, taxMinor: 200n })], true)).toBe(1_000n);
});

test("orderBase is never negative, never more than the lines, and does not grow by a refund", () => {
  const line = fc.record({
    quantity: fc.nat(5),
    currentQuantity: fc.nat(7),
    discountedMinor: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    taxMinor: fc.bigInt({ min: 0n, max: 10n ** 8n }),
    isGiftCard: fc.boolean(),
    isTip: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, taxesIncluded) => {
      const base = orderBase(lines, taxesIncluded);
      const refunded = lines.map((each) => ({ ...each, currentQuantity: Math.max(0, each.currentQuantity - 1) }));
      expect(base >= 0n && base <= lines.reduce((sum, each) => sum + each.discountedMinor, 0n)).toBe(true);
      expect(orderBase(refunded, taxesIncluded) <= base).toBe(true);
    }),
  );
});
