import { expect, test } from "vitest";
import { publicWhy } from "./public-why.ts";
import { canTransition, parseReferralState, REFERRAL_STATES, REFERRAL_TRANSITIONS, settlementOf } from "./state.ts";

test("canTransition allows what the table holds and nothing else", () => {
  for (const from of REFERRAL_STATES) {
    for (const to of REFERRAL_STATES) {
      const isListed = REFERRAL_TRANSITIONS.some(([source, target]) => source === from && target === to);
      expect(canTransition(from, to)).toBe(isListed);
    }
  }
  expect(REFERRAL_TRANSITIONS).toHaveLength(9);
});

test("a referral that is settled never changes again, and is rewarded only out of PENDING", () => {
  expect(REFERRAL_TRANSITIONS.filter(([from]) => settlementOf(from) !== "OPEN")).toEqual([]);
  expect(REFERRAL_TRANSITIONS.filter(([, to]) => to === "REWARDED")).toEqual([["PENDING", "REWARDED"]]);
});

test("settlementOf divides the states into open, posted and void", () => {
  expect(REFERRAL_STATES.map(settlementOf)).toEqual(["OPEN", "OPEN", "POSTED", "VOID", "VOID", "VOID"]);
});

test("parseReferralState reads states in capitals only", () => {
  expect(parseReferralState("HELD")).toBe("HELD");
  expect(parseReferralState("held")).toBeNull();
});

test.each([
  ["PENDING", null, false, "waiting_for_order"],
  ["PENDING", null, true, "in_cooling_off"],
  ["HELD", "same_card", true, "in_review"],
  ["REWARDED", null, true, "paid"],
  ["EXPIRED", "window_over", false, "link_expired"],
  ["REJECTED", "existing_customer", true, "not_new_customer"],
  ["REJECTED", "duplicate_person", false, "not_new_customer"],
  ["REJECTED", "same_card_and_device", true, "not_eligible"],
  ["REJECTED", null, true, "not_eligible"],
  ["VOIDED", "order_cancelled", true, "order_not_completed"],
  ["VOIDED", "order_refunded", true, "order_not_completed"],
  ["VOIDED", "friend_erased", false, "not_eligible"],
] as const)("publicWhy says of %s because of %s (paid order: %s) %s", (state, reason, hasPaidOrder, why) => {
  expect(publicWhy({ state, reason, hasPaidOrder })).toBe(why);
});
