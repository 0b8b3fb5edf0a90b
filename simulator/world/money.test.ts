import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, parseMinor, printDecimal, printMinor } from "./money.ts";

test.each([
  ["10.00", "GBP", 1000n],
  ["10", "GBP", 1000n],
  ["1000", "JPY", 1000n],
  ["1.234", "KWD", 1234n],
  ["-0.5", "USD", -50n],
])("parseMinor reads %s %s", (text, currency, minor) => {
  expect(parseMinor(text, currency)).toBe(minor);
});

test.each([
  ["10.001", "GBP"],
  ["1.5", "JPY"],
  ["ten", "GBP"],
  ["", "GBP"],
])("parseMinor refuses %j %s", (text, currency) => {
  expect(parseMinor(text, currency)).toBeNull();
});

test("amounts print as webhooks print them and as GraphQL prints them", () => {
  expect(printMinor(1000n, "GBP")).toBe("10.00");
  expect(printMinor(1000n, "JPY")).toBe("1000");
  expect(printMinor(5n, "KWD")).toBe("0.005");
  expect(printDecimal(1000n, "GBP")).toBe("10.0");
  expect(printDecimal(999n, "GBP")).toBe("9.99");
  expect(printDecimal(1000n, "JPY")).toBe("1000.0");
});

test("allocate never loses or invents a penny", () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 100_000n }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1_000_000n }), weights, (total, parts) => {
      const sum = allocate(total, parts).reduce((a, b) => a + b, 0n);
      return sum === (parts.every((part) => part === 0n) ? 0n : total);
    }),
  );
});
