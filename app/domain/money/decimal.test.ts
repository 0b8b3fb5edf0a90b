import fc from "fast-check";
import { expect, test } from "vitest";
import { currency, money } from "#test/builders/domain.ts";
import { formatDecimal, MINOR_MAX, parseMoney } from "./decimal.ts";

const GBP = currency("GBP");

test.each([
  ["10", 2, 1_000n],
  ["10.5", 2, 1_050n],
  ["0.05", 2, 5n],
  ["0", 2, 0n],
  ["007.10", 2, 710n],
  ["1000", 0, 1_000n],
  ["1000.0", 0, 1_000n],
  ["1000.00", 0, 1_000n],
  ["1.234", 3, 1_234n],
  ["10.5000", 2, 1_050n],
  ["10000000000000.00", 2, MINOR_MAX],
])("parseMoney reads %s with %i decimals", (text, exponent, minor) => {
  expect(parseMoney(text, GBP, exponent)).toEqual({ outcome: "ok", money: money(minor) });
});

test.each([
  ["", "malformed"],
  [" 1", "malformed"],
  ["1,000", "malformed"],
  ["1e3", "malformed"],
  ["1.", "malformed"],
  [".5", "malformed"],
  ["+1", "malformed"],
  ["0x10", "malformed"],
  ["NaN", "malformed"],
  ["１０", "malformed"],
  ["9".repeat(41), "malformed"],
  ["-1.00", "negative"],
  ["-0", "negative"],
  ["1.005", "too_many_decimals"],
  ["10000000000000.01", "too_large"],
])("parseMoney refuses %s as %s", (text, outcome) => {
  expect(parseMoney(text, GBP, 2)).toEqual({ outcome });
});

test("parseMoney refuses an exponent that no unit has", () => {
  for (const exponent of [-1, 5, 1.5]) expect(() => parseMoney("1", GBP, exponent)).toThrow(RangeError);
});

test("formatDecimal prints every decimal, also of small and negative amounts", () => {
  expect(formatDecimal(money(5n), 2)).toBe("0.05");
  expect(formatDecimal(money(-5n), 2)).toBe("-0.05");
  expect(formatDecimal(money(0n), 0)).toBe("0");
  expect(formatDecimal(money(1_000n), 0)).toBe("1000");
  expect(formatDecimal(money(1_234n), 3)).toBe("1.234");
});

test("formatDecimal and parseMoney are each other's inverse", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: MINOR_MAX }), fc.integer({ min: 0, max: 4 }), (minor, exponent) => {
      const text = formatDecimal(money(minor), exponent);
      expect(parseMoney(text, GBP, exponent)).toEqual({ outcome: "ok", money: money(minor) });
    }),
  );
});
