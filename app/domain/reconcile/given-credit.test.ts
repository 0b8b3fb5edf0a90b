import { expect, test } from "vitest";
import { instantOf } from "#test/builders/domain.ts";
import { changedCreditFields } from "./given-credit.ts";
import type { HeldCredit, MadeCredit } from "./given-credit.ts";

const expiresAt = instantOf("2027-03-01T00:00:07.400Z");
const MADE: MadeCredit = { form: "store_credit", unit: "GBP", exponent: 2, amount: 1_000n, expiresAt };
const HELD: HeldCredit = { amount: "10.0", currency: "GBP", endsAt: "2027-03-01T00:00:07Z", isEnabled: true };

test("a credit is as it was given when only its printing differs", () => {
  expect(changedCreditFields(MADE, HELD)).toEqual([]);
  expect(changedCreditFields({ ...MADE, form: "gift_card" }, { ...HELD, endsAt: "2027-03-01" })).toEqual([]);
  const yen = { ...MADE, unit: "JPY", exponent: 0 };
  expect(changedCreditFields(yen, { ...HELD, amount: "1000", currency: "JPY" })).toEqual([]);
});

test.each<[string, Partial<HeldCredit>]>([
  ["amount", { amount: "10.01" }],
  ["amount", { amount: "a lot" }],
  ["amount", { currency: "USD" }],
  ["amount", { currency: "pounds" }],
  ["endsAt", { endsAt: null }],
  ["endsAt", { endsAt: "2027-03-01T00:00:08Z" }],
  ["isEnabled", { isEnabled: false }],
])("a change of %s is named", (field, change) => {
  expect(changedCreditFields(MADE, { ...HELD, ...change })).toEqual([field]);
});
