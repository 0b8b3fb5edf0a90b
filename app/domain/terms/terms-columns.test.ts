import fc from "fast-check";
import { expect, test } from "vitest";
import { buildTerms, currency, NOON } from "#test/builders/domain.ts";
import { ruleById } from "../screen/registry.ts";
import type { RuleId } from "../screen/rule-ids.ts";
import { RULE_IDS, STRONG_RULE_IDS } from "../screen/rule-ids.ts";
import { termsFromJson } from "./read-terms.ts";
import { termsFromColumns, termsToColumns } from "./terms-columns.ts";
import { termsToJson } from "./terms-json.ts";
import type { RewardTerms, Terms } from "./terms.ts";
import { defaultTerms, FRIEND_WHENS, isCampaignOpen, REWARD_KINDS, WHO_MAY_REFER } from "./terms.ts";

const anyReward: fc.Arbitrary<RewardTerms> = fc
  .record({
    kind: fc.constantFrom(...REWARD_KINDS),
    amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
    expiresAfterDays: fc.integer({ min: 1, max: 1_825 }),
  })
  .map((reward) => (reward.kind === "free_shipping" ? { ...reward, amountMinor: 1n } : reward));
const softRules = RULE_IDS.filter((id) => !STRONG_RULE_IDS.includes(id));
const anyOverride = (id: RuleId) => {
  const { threshold } = ruleById(id);
  const limits = { min: threshold?.least ?? 0, max: threshold?.most ?? 0 };
  return fc.record(
    {
      outcome: fc.constantFrom("block", "hold", "none"),
      weight: fc.integer({ min: 0, max: 100 }),
      ...(threshold === null ? {} : { threshold: fc.integer(limits) }),
    },
    { requiredKeys: [] },
  );
};
const anyScreen = fc
  .subarray(softRules)
  .chain((ids) => fc.tuple(...ids.map((id) => anyOverride(id).map((override) => [id, override] as const))))
  .map((entries) => Object.fromEntries(entries));
const anyCap = fc.option(fc.integer({ min: 1, max: 1_000_000 }));
const anyTerms: fc.Arbitrary<Terms> = fc
  .constantFrom(["JPY", 0] as const, ["GBP", 2] as const, ["KWD", 3] as const)
  .chain(([code, exponent]) =>
    fc.record({
      currency: fc.constant(currency(code)),
      exponent: fc.constant(exponent),
      referrer: anyReward,
      friend: fc.tuple(anyReward, fc.constantFrom(...FRIEND_WHENS)).map(([reward, when]) => ({ ...reward, when })),
      windowDays: fc.integer({ min: 1, max: 45 }),
      coolingOffDays: fc.integer({ min: 0, max: 30 }),
      minimumOrderMinor: fc.option(fc.bigInt({ min: 1n, max: 10n ** 12n })),
      cap30Days: anyCap,
      capTotal: anyCap,
      budgetMonthMinor: fc.option(fc.bigInt({ min: 1n, max: 10n ** 12n })),
      campaignStart: fc.option(fc.integer({ min: 0, max: NOON })),
      campaignEnd: fc.option(fc.integer({ min: NOON + 1, max: 2 * NOON })),
      landingPath: fc.constantFrom("/", "/pages/welcome", "/x?a=b"),
      emailFirst: fc.boolean(),
      whoMayRefer: fc.constantFrom(...WHO_MAY_REFER),
      whoMayReferTag: fc.constantFrom("vip", "friends of the shop"),
      newCustomerDays: fc.option(fc.integer({ min: 1, max: 3_650 })),
      bindToCustomer: fc.boolean(),
      combineWith: fc.record({ order: fc.boolean(), product: fc.boolean(), shipping: fc.boolean() }),
      screen: anyScreen,
      voice: fc.option(fc.constantFrom("Warm and short.", "Kein Du.")),
      paused: fc.boolean(),
    }),
  );

test("terms come back the same from their public form and from their row, also through JSON", () => {
  fc.assert(
    fc.property(anyTerms, (terms) => {
      expect(termsFromJson(JSON.parse(JSON.stringify(termsToJson(terms))), terms)).toEqual({ outcome: "ok", terms });
      const row = termsToColumns(terms);
      expect(termsFromColumns({ ...row, settings: JSON.parse(JSON.stringify(row.settings)) })).toEqual({
        outcome: "ok",
        terms,
      });
    }),
  );
});

test("a row whose settings are empty or older has the defaults for what it lacks", () => {
  for (const settings of [{}, null, { referrer: "?" }]) {
    expect(termsFromColumns({ ...termsToColumns(buildTerms()), settings })).toEqual({
      outcome: "ok",
      terms: buildTerms(),
    });
  }
});

test("a row without a currency is refused", () => {
  expect(termsFromColumns({ ...termsToColumns(buildTerms()), currency: "pounds" }).outcome).toBe("invalid");
});

test("termsFromJson needs every setting", () => {
  expect(termsFromJson({}, buildTerms()).outcome).toBe("invalid");
});

test("percentages are printed without idle zeros", () => {
  const terms = buildTerms({ referrer: { kind: "percent", amountMinor: 1_000n, expiresAfterDays: 90 } });
  expect(termsToJson(terms).referrer.amount).toBe("10");
});

test.each([
  ["GBP", 2, 1_000n],
  ["JPY", 0, 1_000n],
  ["KWD", 3, 10_000n],
])("defaultTerms gives both sides a fitting amount in %s", (code, exponent, amountMinor) => {
  const terms = defaultTerms(currency(code), exponent);
  expect([terms.referrer.amountMinor, terms.friend.amountMinor]).toEqual([amountMinor, amountMinor]);
  expect(terms).toMatchObject({
    windowDays: 30,
    coolingOffDays: 14,
    cap30Days: 20,
    whoMayRefer: "bought",
    friend: { when: "on_first_order" },
  });
});

test("isCampaignOpen closes while paused, before the start and from the end", () => {
  const terms = buildTerms({ campaignStart: 10, campaignEnd: 20 });
  expect([9, 10, 19, 20].map((at) => isCampaignOpen(terms, at))).toEqual([false, true, true, false]);
  expect(isCampaignOpen({ ...terms, paused: true }, 15)).toBe(false);
  expect(isCampaignOpen(buildTerms(), 0)).toBe(true);
});
