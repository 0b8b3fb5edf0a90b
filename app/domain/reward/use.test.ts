import { expect, test } from "vitest";
import { planUse } from "./use.ts";

const reward = { unit: "GBP", status: "issued", remaining: 1_000n };
const use = { amountMinor: 600n, currency: "GBP" };

test("a use takes what the code took off, nothing and everything included", () => {
  for (const amountMinor of [0n, 600n, 1_000n])
    expect(planUse(reward, { ...use, amountMinor })).toEqual({ outcome: "book", amountMinor, concern: null });
});

test("a use never takes more than the reward holds, and a person is told", () => {
  expect(planUse(reward, { ...use, amountMinor: 1_001n })).toEqual({
    outcome: "book",
    amountMinor: 1_000n,
    concern: "discount_larger_than_reward",
  });
});

test("a coupon costs what it took off, in whatever currency", () => {
  const coupon = { ...reward, unit: "coupon", remaining: 1n };
  expect(planUse(coupon, { amountMinor: 5_000n, currency: "EUR" })).toEqual({
    outcome: "book",
    amountMinor: 5_000n,
    concern: null,
  });
});

test.each([
  ["redeemed", "reward_used_twice"],
  ["expired", "reward_used_after_end"],
  ["cancelled", "reward_used_after_end"],
  ["offset", "reward_used_after_end"],
])("a reward that holds nothing and is %s is asked about", (status, concern) => {
  expect(planUse({ ...reward, status, remaining: 0n }, use)).toEqual({ outcome: "ask", concern });
});

test("an order in another currency than the reward's is asked about", () => {
  expect(planUse(reward, { ...use, currency: "EUR" })).toEqual({ outcome: "ask", concern: "reward_currency_differs" });
});
