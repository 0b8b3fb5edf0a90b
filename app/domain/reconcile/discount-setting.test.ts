import { expect, test } from "vitest";
import { instantOf } from "#test/builders/domain.ts";
import { changedFields } from "./discount-setting.ts";
import type { DiscountSetting } from "./discount-setting.ts";

const MADE: DiscountSetting = {
  off: { kind: "fixed", amount: "10.00" },
  endsAt: instantOf("2027-03-01T00:00:00.400Z"),
  usageLimit: 1,
  oncePerCustomer: false,
};

test("a discount is as it was made when only its printing differs", () => {
  expect(changedFields(MADE, MADE)).toEqual([]);
  const printed = {
    ...MADE,
    off: { kind: "fixed", amount: "10.0" } as const,
    endsAt: instantOf("2027-03-01T00:00:00Z"),
  };
  expect(changedFields(MADE, printed)).toEqual([]);
  expect(
    changedFields(
      { ...MADE, off: { kind: "fixed", amount: "1000" } },
      { ...MADE, off: { kind: "fixed", amount: "100" } },
    ),
  ).toEqual(["off"]);
});

test.each<[string, Partial<DiscountSetting>]>([
  ["off", { off: { kind: "fixed", amount: "100.00" } }],
  ["off", { off: { kind: "percent", basisPoints: 1_000 } }],
  ["off", { off: { kind: "other" } }],
  ["endsAt", { endsAt: null }],
  ["endsAt", { endsAt: instantOf("2027-03-02T00:00:00Z") }],
  ["usageLimit", { usageLimit: null }],
  ["usageLimit", { usageLimit: 2 }],
  ["oncePerCustomer", { oncePerCustomer: true }],
])("a change of %s is named", (field, change) => {
  expect(changedFields(MADE, { ...MADE, ...change })).toEqual([field]);
});
