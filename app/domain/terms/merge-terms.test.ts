import { expect, test } from "vitest";
import { buildTerms, currency } from "#test/builders/domain.ts";
import { mergeTerms } from "./merge-terms.ts";
import type { Terms } from "./terms.ts";

/** The problems of a change, as "path code", or the changed terms. */
function merge(patch: unknown, current: Terms = buildTerms()): Terms | readonly string[] {
  const result = mergeTerms(current, patch);
  return result.outcome === "ok" ? result.terms : result.problems.map(({ path, code }) => `${path} ${code}`);
}

test("mergeTerms changes nothing, when the change is empty", () => {
  expect(merge({})).toEqual(buildTerms());
});

test("mergeTerms changes what is named and keeps the rest, also inside a group", () => {
  expect(merge({ window_days: 7, friend: { amount: "5.50" }, combine_with: { shipping: true } })).toEqual(
    buildTerms({
      windowDays: 7,
      friend: { ...buildTerms().friend, amountMinor: 550n },
      combineWith: { order: false, product: false, shipping: true },
    }),
  );
});

test("mergeTerms reads every setting", () => {
  const terms = merge({
    referrer: { kind: "percent", amount: "12.5", expires_after_days: 30 },
    friend: { kind: "free_shipping" },
    cooling_off_days: 0,
    minimum_order: "25",
    cap_30_days: null,
    cap_total: 100,
    budget_month: "1000.00",
    campaign_start: "2026-11-01",
    campaign_end: "2026-12-01T00:00:00Z",
    landing_path: "/pages/welcome",
    who_may_refer: "tag",
    who_may_refer_tag: " vip ",
    new_customer_days: 365,
    bind_to_customer: true,
    screen: { same_card: { outcome: "none", weight: 0 }, too_fast: { threshold: 5 } },
    voice: "   ",
    paused: true,
  });
  expect(terms).toMatchObject({
    referrer: { kind: "percent", amountMinor: 1_250n, expiresAfterDays: 30 },
    friend: { kind: "free_shipping", amountMinor: 1n, when: "on_first_order" },
    coolingOffDays: 0,
    minimumOrderMinor: 2_500n,
    cap30Days: null,
    capTotal: 100,
    budgetMonthMinor: 100_000n,
    campaignStart: 1_793_491_200_000,
    campaignEnd: 1_796_083_200_000,
    landingPath: "/pages/welcome",
    whoMayRefer: "tag",
    whoMayReferTag: "vip",
    newCustomerDays: 365,
    bindToCustomer: true,
    screen: { same_card: { outcome: "none", weight: 0 }, too_fast: { threshold: 5 } },
    voice: null,
    paused: true,
  });
});

test("mergeTerms changes one field of a rule and leaves its others as they were", () => {
  const current = buildTerms({
    screen: {
      same_card: { outcome: "none", weight: 5 },
      ring: { threshold: 2 },
      signup_velocity: { limits: { device: 4 } },
    },
  });
  const limits = { network: 20 };
  const screen = { same_card: { weight: 10 }, too_fast: { threshold: 9 }, signup_velocity: { limits } };
  const merged = mergeTerms(current, { screen });
  expect(merged).toMatchObject({
    outcome: "ok",
    terms: {
      screen: {
        same_card: { outcome: "none", weight: 10 },
        ring: { threshold: 2 },
        too_fast: { threshold: 9 },
        signup_velocity: { limits: { device: 4, network: 20 } },
      },
    },
  });
});

test("mergeTerms takes a minimum of zero, and times and tags that are cleared, as none", () => {
  const current = buildTerms({
    minimumOrderMinor: 100n,
    campaignStart: 1,
    campaignEnd: 2,
    whoMayReferTag: "vip",
    budgetMonthMinor: 5n,
  });
  expect(
    merge(
      { minimum_order: "0.00", campaign_start: "", campaign_end: null, who_may_refer_tag: null, budget_month: null },
      current,
    ),
  ).toEqual(buildTerms());
  expect(merge({ minimum_order: null }, current)).toMatchObject({ minimumOrderMinor: null });
});

test.each<[string, unknown, readonly string[]]>([
  ["no object", "terms", [" not_an_object"]],
  ["a list", [], [" not_an_object"]],
  ["an unknown setting", { windowDays: 3 }, ["windowDays unknown_field"]],
  ["an unknown setting in a group", { friend: { amont: "1" } }, ["friend.amont unknown_field"]],
  ["an object's internals", JSON.parse('{"__proto__":{"paused":true}}'), ["__proto__ unknown_field"]],
  ["a window of no days", { window_days: 0 }, ["window_days out_of_range"]],
  ["a window over 45 days", { window_days: 46 }, ["window_days out_of_range"]],
  ["a window in text", { window_days: "30" }, ["window_days not_whole"]],
  ["a cooling-off over 30 days", { cooling_off_days: 31 }, ["cooling_off_days out_of_range"]],
  ["a negative cooling-off", { cooling_off_days: -1 }, ["cooling_off_days out_of_range"]],
  ["no amount", { referrer: { amount: "0" } }, ["referrer.amount not_positive"]],
  ["a negative amount", { referrer: { amount: "-5" } }, ["referrer.amount not_positive"]],
  ["an amount as a number", { referrer: { amount: 5 } }, ["referrer.amount not_amount"]],
  ["an amount in words", { referrer: { amount: "five" } }, ["referrer.amount not_amount"]],
  ["a thousandth of a penny", { referrer: { amount: "5.001" } }, ["referrer.amount too_many_decimals"]],
  ["an amount beyond reason", { referrer: { amount: "99999999999999" } }, ["referrer.amount too_large"]],
  ["an expiry of no days", { referrer: { expires_after_days: 0 } }, ["referrer.expires_after_days out_of_range"]],
  ["no per cent", { referrer: { kind: "percent", amount: "0" } }, ["referrer.amount percent_range"]],
  ["over a hundred per cent", { referrer: { kind: "percent", amount: "100.01" } }, ["referrer.amount percent_range"]],
  ["a thousandth per cent", { referrer: { kind: "percent", amount: "1.001" } }, ["referrer.amount percent_range"]],
  ["per cent as a number", { referrer: { kind: "percent", amount: 10 } }, ["referrer.amount percent_range"]],
  ["a kind without its amount", { referrer: { kind: "percent" } }, ["referrer.amount amount_required"]],
  ["an unknown kind", { referrer: { kind: "cash", amount: "1" } }, ["referrer.kind not_a_choice"]],
  [
    "a side that is no group",
    { referrer: "10" },
    [
      "referrer not_an_object",
      "referrer.kind not_a_choice",
      "referrer.amount not_amount",
      "referrer.expires_after_days not_whole",
    ],
  ],
  [
    "a first order made cheaper by what is no code",
    { friend: { kind: "gift_card", amount: "5.00", when: "on_first_order" } },
    ["friend.when needs_a_code"],
  ],
  ["a minimum that is no amount", { minimum_order: "lots" }, ["minimum_order not_amount"]],
  ["a budget of nothing", { budget_month: "0" }, ["budget_month not_positive"]],
  ["a cap of nothing", { cap_30_days: 0 }, ["cap_30_days out_of_range"]],
  ["a time without zone", { campaign_start: "2026-11-01T10:00:00" }, ["campaign_start bad_time"]],
  ["a time as a number", { campaign_start: 1 }, ["campaign_start bad_time"]],
  [
    "an end before the start",
    { campaign_start: "2026-11-02", campaign_end: "2026-11-02" },
    ["campaign_end end_before_start"],
  ],
  ["another site to land on", { landing_path: "//evil.example" }, ["landing_path bad_path"]],
  ["a landing page that is no text", { landing_path: null }, ["landing_path bad_path"]],
  ["referring by a tag that is not named", { who_may_refer: "tag" }, ["who_may_refer_tag tag_required"]],
  ["a tag that is no text", { who_may_refer_tag: 5 }, ["who_may_refer_tag not_text"]],
  ["a voice that is too long", { voice: "a".repeat(501) }, ["voice too_long"]],
  ["a binding that is no truth", { bind_to_customer: 1 }, ["bind_to_customer not_truth"]],
  ["a pause that is no truth", { paused: "yes" }, ["paused not_truth"]],
  ["an unknown rule", { screen: { same_shoes: {} } }, ["screen.same_shoes unknown_field"]],
  ["a strong rule softened", { screen: { same_email: { outcome: "none" } } }, ["screen.same_email always_blocks"]],
  ["a rule that is no group", { screen: { same_card: "off" } }, ["screen.same_card not_an_object"]],
  [
    "a rule with an odd outcome",
    { screen: { same_card: { outcome: "pay" } } },
    ["screen.same_card.outcome not_a_choice"],
  ],
  [
    "a threshold past its end",
    { screen: { too_fast: { threshold: 86_401 }, ring: { threshold: 5 }, signup_velocity: { threshold: 0 } } },
    [
      "screen.signup_velocity.threshold out_of_range",
      "screen.too_fast.threshold out_of_range",
      "screen.ring.threshold out_of_range",
    ],
  ],
  ["a threshold that is no number", { screen: { ring: { threshold: "4" } } }, ["screen.ring.threshold not_whole"]],
  [
    "a threshold where there is none",
    { screen: { same_card: { threshold: 1 } } },
    ["screen.same_card.threshold no_threshold"],
  ],
  [
    "limits of a rule out of range, unknown, or of a rule without",
    { screen: { signup_velocity: { limits: { device: 1, shoes: 3 } }, ring: { limits: {} } } },
    [
      "screen.signup_velocity.limits.shoes unknown_field",
      "screen.signup_velocity.limits.device out_of_range",
      "screen.ring.limits no_threshold",
    ],
  ],
  ["a rule with an odd weight", { screen: { same_card: { weight: 101 } } }, ["screen.same_card.weight out_of_range"]],
])("mergeTerms refuses %s", (_what, patch, problems) => {
  expect(merge(patch)).toEqual(problems);
});

test("mergeTerms keeps an amount of money from one kind of money to another", () => {
  for (const kind of ["store_credit", "gift_card"])
    expect(merge({ referrer: { kind } })).toMatchObject({ referrer: { kind, amountMinor: 1_000n } });
});

/** As `merge`, in a shop that counts in yen by now. */
function mergeInYen(patch: unknown, current: Terms = buildTerms()): Terms | readonly string[] {
  const result = mergeTerms(current, patch, { currency: currency("JPY"), exponent: 0 });
  return result.outcome === "ok" ? result.terms : result.problems.map(({ path, code }) => `${path} ${code}`);
}

test("mergeTerms carries no amount into a new currency: rewards say theirs anew, minimum and budget are gone", () => {
  const current = buildTerms({ minimumOrderMinor: 2_500n, budgetMonthMinor: 100_000n });
  expect(mergeInYen({}, current)).toEqual(["referrer.amount currency_changed", "friend.amount currency_changed"]);
  expect(mergeInYen({ referrer: { amount: "1000" } }, current)).toEqual(["friend.amount currency_changed"]);
  expect(mergeInYen({ referrer: { amount: "10.00" }, friend: { amount: "10.50" } }, current)).toEqual([
    "friend.amount too_many_decimals",
  ]);
  expect(mergeInYen({ referrer: { amount: "1000" }, friend: { amount: "500" } }, current)).toMatchObject({
    currency: "JPY",
    exponent: 0,
    referrer: { amountMinor: 1_000n },
    friend: { amountMinor: 500n },
    minimumOrderMinor: null,
    budgetMonthMinor: null,
  });
});

test("mergeTerms carries percentages and free delivery into a new currency", () => {
  const current = buildTerms({
    referrer: { kind: "percent", amountMinor: 1_250n, expiresAfterDays: 90 },
    friend: { kind: "free_shipping", amountMinor: 1n, expiresAfterDays: 90, when: "after_first_order" },
  });
  expect(mergeInYen({}, current)).toMatchObject({ currency: "JPY", referrer: { amountMinor: 1_250n } });
});

test("mergeTerms reports every problem at once, each with a sentence", () => {
  const result = mergeTerms(buildTerms(), { window_days: 0, paused: 1, referrer: { kind: "percent" } });
  expect(result.outcome === "invalid" ? result.problems.map(({ message }) => message.length > 0) : []).toEqual([
    true,
    true,
    true,
  ]);
});

test("mergeTerms follows the currency's decimals", () => {
  expect(merge({ referrer: { amount: "10.5" } }, buildTerms({}, "JPY"))).toEqual(["referrer.amount too_many_decimals"]);
  expect(merge({ referrer: { amount: "1.234" } }, buildTerms({}, "KWD"))).toMatchObject({
    referrer: { amountMinor: 1_234n },
  });
});
