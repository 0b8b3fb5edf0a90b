import { expect, test } from "vitest";
import { createRateLimit, createStorefrontLimits } from "./rate-limit.ts";

const codeOf = (token: string): string | null => (token.startsWith("of-") ? token.slice(3, 8) : null);

function clockOf() {
  let now = 0;
  return { nowMs: () => now, skip: (ms: number) => void (now += ms) };
}

test("a key has its share of a minute, others have theirs, and the next minute begins anew", () => {
  const clock = clockOf();
  const limit = createRateLimit({ max: 2, nowMs: clock.nowMs });
  expect(["a", "a", "a", "b"].map((key) => limit.take(key))).toEqual(["within", "within", "over", "within"]);
  clock.skip(60_000);
  expect(limit.take("a")).toBe("within");
});

test("more keys than are counted are told apart from those that are over", () => {
  const limit = createRateLimit({ max: 2, keysMax: 2, nowMs: () => 0 });
  expect(["a", "b", "c", "a"].map((key) => limit.take(key))).toEqual(["within", "within", "full", "within"]);
});

test("a flood of one network is known as one, on its shop alone, and calls of value end before taps do", () => {
  const limits = createStorefrontLimits({ codeOf, nowMs: () => 0 });
  const of = (count: number, ask: () => boolean) => Array.from({ length: count }, ask).filter(Boolean).length;
  expect(of(1_010, () => limits.isFlood("shop", "198.51.100"))).toBe(10);
  expect(limits.isFlood("other", "198.51.100")).toBe(false);
  expect(of(310, () => limits.mayAsk("shop", "198.51.100"))).toBe(300);
  expect(of(310, () => limits.mayAsk("shop", null))).toBe(300);
  expect(limits.mayAsk("shop", "203.0.113")).toBe(true);
});

test("a shop answers so many calls a minute from whatever networks, and its links go on working", () => {
  const limits = createStorefrontLimits({ codeOf, nowMs: () => 0 });
  const answered = Array.from({ length: 7_000 }, (_, n) => limits.mayAsk("shop", `10.${n >> 8}.${n & 255}`));
  expect(answered.filter(Boolean)).toHaveLength(6_000);
  expect(limits.isFlood("shop", "10.0.0")).toBe(false);
});

test("one link is claimed so often a minute, by whatever tokens and networks; other links and tokens of nobody's go on", () => {
  const limits = createStorefrontLimits({ codeOf, nowMs: () => 0 });
  const claimed = Array.from({ length: 130 }, (_, n) => limits.mayClaim("shop", `of-7QK2A-${n}`));
  expect(claimed.filter(Boolean)).toHaveLength(120);
  expect(limits.mayClaim("shop", "of-ABCDE-1")).toBe(true);
  expect(limits.mayClaim("other", "of-7QK2A-1")).toBe(true);
  expect(limits.mayClaim("shop", "forged")).toBe(true);
});

test("the extensions' API answers one customer, and one network, so often a minute; a network that is not known is no network", () => {
  const limits = createStorefrontLimits({ codeOf, nowMs: () => 0 });
  const of = (count: number, ask: () => boolean) => Array.from({ length: count }, ask).filter(Boolean).length;
  expect(of(130, () => limits.mayCallAs("shop", "7001"))).toBe(120);
  expect(limits.mayCallAs("shop", "7002")).toBe(true);
  expect(of(700, () => limits.mayCall("198.51.100"))).toBe(600);
  expect(limits.mayCall("203.0.113")).toBe(true);
  expect(of(700, () => limits.mayCall(null))).toBe(700);
});
