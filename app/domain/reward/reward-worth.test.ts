import { expect, test } from "vitest";
import { worthOf } from "./reward-worth.ts";

const GBP = { currency: "GBP", exponent: 2 } as Parameters<typeof worthOf>[1];
const JPY = { currency: "JPY", exponent: 0 } as Parameters<typeof worthOf>[1];

test.each([
  ["fixed", 1000n, GBP, "10.00 GBP"],
  ["fixed", 1000n, JPY, "1000 JPY"],
  ["store_credit", 550n, GBP, "5.50 GBP"],
  ["gift_card", 2000n, GBP, "20.00 GBP"],
  ["percent", 1000n, GBP, "10%"],
  ["percent", 1250n, JPY, "12.5%"],
  ["free_shipping", 0n, GBP, "free shipping"],
] as const)("worthOf says a %s reward of %s without words", (kind, amountMinor, unit, value) => {
  expect(worthOf({ kind, amountMinor }, unit)).toEqual({ kind, value });
});
