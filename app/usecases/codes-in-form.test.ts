import { expect, test } from "vitest";
import type { RewardRow } from "#app/data/rewards.repo.ts";
import { buildTerms, NOON } from "#test/builders/domain.ts";
import { planCode } from "./fulfil-code.ts";
import { placeGiftCard } from "./fulfil-gift-card.ts";
import type { GiftCardWork } from "./fulfil-gift-card.ts";
import { rewardIdOf } from "./fulfil-reward.ts";
import { rewardExpiryWork } from "./plan-reward-expiry.ts";
import type { ShopAdmin } from "./ports.ts";
import type { RewardPlan } from "./reward-plan.ts";
import { buildShopAdmin } from "#test/builders/scripted-admin.ts";

const ID = "0190a0b0-0000-7000-8000-000000abcdef";
const AT = new Date(NOON);
const REWARD: RewardRow = {
  id: ID,
  kind: "earned",
  side: 1,
  status: "owed",
  unit: "GBP",
  exponent: 2,
  amount: 1_050n,
  form: null,
  sends: 0,
  lastSentAt: null,
  code: null,
  expiresAt: null,
  personId: "p1",
  referralId: "f1",
  termsVersion: 3,
  otherPersonId: "p2",
};

function worthOf(kind: RewardPlan["kind"], amountMinor: bigint) {
  const terms = buildTerms();
  const offer = { ...terms.referrer, kind, amountMinor };
  const plan: RewardPlan = { outcome: "give", reward: REWARD, kind, offer, terms: { version: 3, terms }, isOdd: false };
  const parent = { id: ID, state: "new", externalId: null, firstCode: "FIRST", part: 1, createdAt: AT } as const;
  return planCode(plan, parent, { code: "CODE", expiresAt: AT, isAlone: false, onlyFor: null, now: AT }).draft.worth;
}

test("a code is worth what the books owe, and a coupon what its terms promise", () => {
  expect(worthOf("fixed", 9_999n)).toEqual({ kind: "fixed", amount: "10.50" });
  expect(worthOf("percent", 1_250n)).toEqual({ kind: "percent", basisPoints: 1_250 });
  expect(worthOf("free_shipping", 1n)).toEqual({ kind: "free_shipping" });
});

test("a reward is named by its row's payload, else by what makes the row unique, else by nothing", () => {
  const named = (payload: object, dedupeKey: string) => rewardIdOf({ payload: { ...payload }, dedupeKey }, "fulfil:");
  expect(named({ rewardId: ID }, "any")).toBe(ID);
  expect(named({}, `fulfil:${ID}`)).toBe(ID);
  expect(named({}, `note:${ID}`)).toBeNull();
  expect(named({ rewardId: "r1" }, `fulfil:${ID}`)).toBeNull();
});

test("a code without an end is never ended, and one given its worth back is ended once more", () => {
  expect(rewardExpiryWork({ rewardId: ID, expiresAt: null })).toEqual([]);
  expect(rewardExpiryWork({ rewardId: ID, expiresAt: AT })).toMatchObject([{ dedupeKey: `expire-reward:${ID}` }]);
  expect(rewardExpiryWork({ rewardId: ID, expiresAt: AT, again: "5001" })).toMatchObject([
    { dedupeKey: `expire-reward:${ID}:5001` },
  ]);
});

const CARD = { code: "CODE", amount: "10.00", currency: "GBP", expiresAt: AT, note: "Goodword reward r1" };

function giftCard(answers: Partial<ShopAdmin>, work: Partial<GiftCardWork> = {}) {
  return placeGiftCard(buildShopAdmin(answers), { form: "gift_card", card: CARD, wasTried: false, ...work });
}

const taken: Partial<ShopAdmin> = { createGiftCard: () => Promise.resolve({ outcome: "taken" }) };

test("a gift card that is taken but not shown is waited for, and one of another's note is not ours", async () => {
  const hidden = { ...taken, findGiftCard: () => Promise.resolve({ outcome: "not_found" } as const) };
  expect(await giftCard(hidden)).toMatchObject({ outcome: "wait", reason: "taken_but_not_found" });
  const others = { outcome: "found", cardId: "7", note: "a gift of Eve's" } as const;
  expect(await giftCard({ ...taken, findGiftCard: () => Promise.resolve(others) })).toEqual({
    outcome: "refused",
    code: "CODE_OF_ANOTHER_GIFT_CARD",
  });
});

test("no gift card is made while it cannot be looked whether it was made before", async () => {
  const trouble = { outcome: "throttled", retryAfterMs: 500 } as const;
  const blind: Partial<ShopAdmin> = {
    findGiftCard: () => Promise.resolve(trouble),
    createGiftCard: () => Promise.reject(new Error("made blindly")),
  };
  expect(await giftCard(blind, { wasTried: true })).toEqual(trouble);
});
