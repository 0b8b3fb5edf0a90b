import { expect, test } from "vitest";
import { parseCurrency } from "../../domain/money/currency.ts";
import { mergeTerms } from "../../domain/terms/merge-terms.ts";
import { termsToJson } from "../../domain/terms/terms-json.ts";
import { defaultTerms } from "../../domain/terms/terms.ts";
import type { TermsFormValues } from "./form-values.ts";
import { patchFromValues, valuesFromTerms, valuesInNewCurrency } from "./form-values.ts";

function buildTerms() {
  const currency = parseCurrency("GBP");
  if (currency === null) throw new Error("GBP is a currency");
  return defaultTerms(currency, 2);
}

function patchOf(change: Partial<TermsFormValues>): Record<string, unknown> {
  const before = valuesFromTerms(termsToJson(buildTerms()));
  return patchFromValues({ ...before, ...change }, before);
}

test("patchFromValues sends nothing for a form that nobody touched", () => {
  expect(patchOf({})).toEqual({});
});

test.each<[Partial<TermsFormValues>, Record<string, unknown>]>([
  [{ windowDays: "20" }, { window_days: 20 }],
  [{ windowDays: "twenty" }, { window_days: "twenty" }],
  [
    { capTotal: "5", cap30Days: "" },
    { cap_30_days: null, cap_total: 5 },
  ],
  [{ budgetMonth: "1000.00" }, { budget_month: "1000.00" }],
  [{ minimumOrder: " 25.00 " }, { minimum_order: "25.00" }],
  [{ referrerKind: "percent", referrerAmount: "12.5" }, { referrer: { kind: "percent", amount: "12.5" } }],
  [{ friendKind: "free_shipping", friendAmount: "" }, { friend: { kind: "free_shipping", amount: "1" } }],
  [{ friendWhen: "after_first_order" }, { friend: { when: "after_first_order" } }],
  [{ expiresAfterDays: "60" }, { referrer: { expires_after_days: 60 }, friend: { expires_after_days: 60 } }],
  [
    { whoMayRefer: "tag", whoMayReferTag: "vip" },
    { who_may_refer: "tag", who_may_refer_tag: "vip" },
  ],
  [{ isBound: true }, { bind_to_customer: true }],
  [{ isEmailFirst: true }, { email_first: true }],
  [
    { campaignStart: "2026-12-01", campaignEnd: "2027-01-01" },
    { campaign_start: "2026-12-01", campaign_end: "2027-01-01" },
  ],
  [{ combinesWithShipping: true }, { combine_with: { order: false, product: false, shipping: true } }],
  [{ isPaused: true }, { paused: true }],
])("patchFromValues sends only what %j changes", (change, patch) => {
  expect(patchOf(change)).toEqual(patch);
});

test.each<Partial<TermsFormValues>>([
  { referrerKind: "percent", referrerAmount: "10" },
  { friendKind: "free_shipping", friendAmount: "" },
  { referrerKind: "store_credit", referrerAmount: "5.00" },
  { friendKind: "gift_card", friendAmount: "5.00", friendWhen: "after_first_order", budgetMonth: "500" },
  { coolingOffDays: "0", windowDays: "45", minimumOrder: "30", capTotal: "100", landingPath: "/collections/new" },
  { whoMayRefer: "tag", whoMayReferTag: "vip", isEmailFirst: true },
  { campaignStart: "2026-12-01", campaignEnd: "2027-01-01", combinesWithProduct: true, isBound: true },
])("what the form sends for %j is accepted as terms", (change) => {
  expect(mergeTerms(buildTerms(), patchOf(change)).outcome).toBe("ok");
});

test("in a new currency the form begins without amounts, and sends those that are typed, equal or not", () => {
  const before = valuesInNewCurrency(termsToJson(buildTerms()));
  expect([before.referrerAmount, before.friendAmount, before.minimumOrder]).toEqual(["", "", ""]);
  expect(patchFromValues({ ...before, referrerAmount: "10.00", friendAmount: "5.00" }, before)).toEqual({
    referrer: { kind: "fixed", amount: "10.00" },
    friend: { kind: "fixed", amount: "5.00" },
  });
});

test("a campaign's days are shown as they are kept, and cleared they are none", () => {
  const terms = { ...termsToJson(buildTerms()), campaign_start: "2026-12-01T00:00:00.000Z" };
  const before = valuesFromTerms(terms);
  expect([before.campaignStart, before.campaignEnd]).toEqual(["2026-12-01", ""]);
  expect(patchFromValues({ ...before, campaignStart: "" }, before)).toEqual({ campaign_start: null });
});
