import fc from "fast-check";
import { expect, test } from "vitest";
import { currency, money } from "#test/builders/domain.ts";
import { exponentOf, parseCurrency } from "./currency.ts";
import { addMoney, compareMoney, percentOf, subtractMoney } from "./money.ts";

test("parseCurrency takes three capitals and nothing else", () => {
  expect(parseCurrency("GBP")).toBe("GBP");
  for (const text of ["gbp", "GB", "GBPX", "", " GBP", "GB1", "ＧＢＰ"]) expect(parseCurrency(text)).toBeNull();
});

test.each([
  ["JPY", 0],
  ["ISK", 0],
  ["UGX", 0],
  ["GBP", 2],
  ["HUF", 2],
  ["KWD", 3],
  ["CLF", 4],
  ["ZZZ", 2],
])("exponentOf follows ISO 4217 for %s", (code, exponent) => {
  expect(exponentOf(currency(code))).toBe(exponent);
});

test("addMoney and subtractMoney undo each other", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (left, right) => {
      expect(subtractMoney(addMoney(money(left), money(right)), money(right))).toEqual(money(left));
    }),
  );
});

test("money of two currencies is never added, subtracted or compared", () => {
  for (const act of [addMoney, subtractMoney, compareMoney]) {
    expect(() => act(money(1n, "GBP"), money(1n, "JPY"))).toThrow(RangeError);
  }
});

test("compareMoney orders amounts", () => {
  expect(compareMoney(money(1n), money(2n))).toBeLessThan(0);
  expect(compareMoney(money(2n), money(2n))).toBe(0);
  expect(compareMoney(money(3n), money(2n))).toBeGreaterThan(0);
});

test("percentOf rounds down, when the share is no whole number", () => {
  expect(percentOf(money(999n), 1_000)).toEqual(money(99n));
});

test("percentOf never exceeds the amount, nor falls a whole unit short", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 10_000 }), (minor, basisPoints) => {
      const share = percentOf(money(minor), basisPoints).minor;
      expect(share <= minor).toBe(true);
      expect((share + 1n) * 10_000n > minor * BigInt(basisPoints)).toBe(true);
    }),
  );
});

test("percentOf refuses a negative amount and odd basis points", () => {
  expect(() => percentOf(money(-1n), 100)).toThrow(RangeError);
  expect(() => percentOf(money(1n), -1)).toThrow(RangeError);
  expect(() => percentOf(money(1n), 1.5)).toThrow(RangeError);
});
