import { expect, test } from "vitest";
import { currency } from "#test/builders/domain.ts";
import { printMoney } from "./describe-reward.ts";

const GBP = { currency: currency("GBP"), exponent: 2 };
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");

test("amounts are printed as before however many locales were asked for in between", () => {
  const german = () => printMoney(123_456n, GBP, "de-DE").replaceAll(/\s/g, " ");
  const before = german();
  const regions = LETTERS.flatMap((left) => LETTERS.map((right) => `en-${left}${right}`));
  expect(regions.length).toBeGreaterThan(500);
  for (const region of regions) expect(printMoney(1_000n, GBP, region)).toContain("10");
  expect([before, german()]).toEqual(["1.234,56 £", "1.234,56 £"]);
});
