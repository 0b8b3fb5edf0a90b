import { expect, test } from "vitest";
import { formatAmount, formatDay, formatDuration, formatInstant, formatTally, formatWorth } from "./format.ts";

const gbp = (amount: string) => ({ amount, currency: "GBP" });

test.each([
  [gbp("10.00"), "£10.00"],
  [gbp("1234567.50"), "£1,234,567.50"],
  [{ amount: "1000", currency: "JPY" }, "¥1,000"],
  [{ amount: "90071992547409.931", currency: "KWD" }, "KWD\u00A090,071,992,547,409.931"],
  [gbp("-3.20"), "-£3.20"],
])("formatAmount prints %j exactly", (amount, text) => {
  expect(formatAmount(amount)).toBe(text);
});

test.each([
  [{ money: gbp("420.00"), coupons: 31 }, "£420.00 and 31 coupons"],
  [{ money: gbp("0.00"), coupons: 1 }, "1 coupon"],
  [{ money: gbp("0.00"), coupons: 0 }, "£0.00"],
])("formatTally keeps money and coupons apart in %j", (tally, text) => {
  expect(formatTally(tally)).toBe(text);
});

test("formatWorth names each kind of reward", () => {
  expect(formatWorth({ kind: "money", value: gbp("10.00") })).toBe("£10.00 off");
  expect(formatWorth({ kind: "percent", percent: "12.5" })).toBe("12.5% off");
  expect(formatWorth({ kind: "free_shipping" })).toBe("Free shipping");
});

test("times are printed in UTC, the same wherever the page is drawn", () => {
  expect(formatDay("2026-09-01T23:30:00.000Z")).toBe("1 Sep 2026");
  expect(formatInstant("2026-09-01T03:04:05.000Z")).toBe("1 Sep 2026, 03:04 UTC");
});

test.each([
  [0, "under a minute"],
  [60, "1 minute"],
  [7_199, "119 minutes"],
  [7_200, "2 hours"],
  [172_800, "2 days"],
])("formatDuration says %i seconds in words", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});
