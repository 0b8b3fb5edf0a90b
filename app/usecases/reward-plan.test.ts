import { expect, test } from "vitest";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { buildTerms } from "#test/builders/domain.ts";
import { formOf, planOf } from "./reward-plan.ts";

const SHOP = { currency: "GBP" };

function reward(changes: Partial<RewardRow> = {}): RewardRow {
  return {
    id: "r1",
    kind: "earned",
    side: 1,
    status: "owed",
    unit: "GBP",
    exponent: 2,
    amount: 1_000n,
    form: null,
    sends: 0,
    lastSentAt: null,
    code: null,
    expiresAt: null,
    personId: "p1",
    referralId: "f1",
    termsVersion: 1,
    otherPersonId: "p2",
    ...changes,
  };
}

function versioned(kind: Terms["referrer"]["kind"], amountMinor = 1_000n) {
  const terms = buildTerms();
  return { version: 1, terms: { ...terms, referrer: { ...terms.referrer, kind, amountMinor } } };
}

const COUPON = { unit: "coupon", exponent: 0, amount: 1n };

test("a reward is given as its terms say, and shares a discount with the others of its side", () => {
  expect(planOf(SHOP, reward(), versioned("fixed"))).toMatchObject({ outcome: "give", kind: "fixed", isOdd: false });
  expect(planOf(SHOP, reward(), versioned("gift_card"))).toMatchObject({ kind: "gift_card", isOdd: false });
  expect(planOf(SHOP, reward(COUPON), versioned("percent", 1_000n))).toMatchObject({ kind: "percent", isOdd: false });
  expect(planOf(SHOP, reward(COUPON), versioned("free_shipping"))).toMatchObject({ kind: "free_shipping" });
});

test.each(["issued", "redeemed", "expired", "cancelled", "unknown", "offset"] as const)(
  "a reward that is %s is not sent again",
  (status) => {
    expect(planOf(SHOP, reward({ status }), versioned("fixed"))).toEqual({ outcome: "nothing_to_do" });
  },
);

test("a reward without terms, in another currency, or a coupon whose terms know of none, is blocked with the reason", () => {
  const blocked = (reason: string) => ({ outcome: "blocked", reason });
  expect(planOf(SHOP, reward(), null)).toEqual(blocked("reward_without_terms"));
  expect(planOf({ currency: "EUR" }, reward(), versioned("fixed"))).toEqual(blocked("currency_changed"));
  expect(planOf(SHOP, reward(COUPON), versioned("fixed"))).toEqual(blocked("kind_not_supported"));
  expect(planOf({ currency: "EUR" }, reward(COUPON), versioned("percent")).outcome).toBe("give");
});

test("a reward keeps the form that it was sent in, whatever its terms say meanwhile", () => {
  const sent = (form: RewardRow["form"]) => planOf(SHOP, reward({ status: "sending", form }), versioned("gift_card"));
  expect(sent("store_credit")).toMatchObject({ kind: "store_credit", isOdd: true });
  expect(sent("gift_card")).toMatchObject({ kind: "gift_card", isOdd: false });
  expect(sent("code")).toMatchObject({ kind: "fixed", isOdd: true });
});

test("money that no referral earned, or whose terms give coupons, is an amount off", () => {
  expect(planOf(SHOP, reward({ termsVersion: null }), versioned("gift_card"))).toMatchObject({ kind: "fixed" });
  expect(planOf(SHOP, reward(), versioned("percent"))).toMatchObject({ kind: "fixed", isOdd: true });
});

test("a reward of another worth than its side's has a discount of its own", () => {
  expect(planOf(SHOP, reward({ amount: 999n }), versioned("fixed"))).toMatchObject({ isOdd: true });
});

test("everything but store credit and gift cards is given as a code", () => {
  const kinds = ["fixed", "percent", "free_shipping", "store_credit", "gift_card"] as const;
  expect(kinds.map(formOf)).toEqual(["code", "code", "code", "store_credit", "gift_card"]);
});
