import { expect, test } from "vitest";
import { createCostLimiter } from "./cost-limiter.ts";
import type { Denied, Permit } from "./cost-limiter.ts";

/** A limiter on a clock that moves only when somebody sleeps. */
function createLimiter() {
  const slept: number[] = [];
  let nowMs = 0;
  const limiter = createCostLimiter({
    nowMs: () => nowMs,
    sleepMs: (ms) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    random: () => 0,
  });
  return { limiter, slept, advance: (ms: number) => void (nowMs += ms) };
}

function granted(permit: Permit | Denied): Permit {
  if (permit.outcome !== "granted") throw new Error("expected a permit");
  return permit;
}

const empty = { maximumAvailable: 2_000, currentlyAvailable: 0, restoreRate: 100 };

test("the limiter lets calls through while the bucket holds enough", async () => {
  const { limiter, slept } = createLimiter();
  for (let call = 0; call < 10; call += 1) granted(await limiter.acquire("a", 200)).release(null);
  expect(slept).toEqual([]);
});

test("the limiter waits as long as Shopify's restore rate needs", async () => {
  const { limiter, slept } = createLimiter();
  granted(await limiter.acquire("a", 100)).release(empty);
  granted(await limiter.acquire("a", 100)).release(null);
  expect(slept).toEqual([1_000]);
});

test("the limiter sends a call away when the wait would be too long", async () => {
  const { limiter, slept } = createLimiter();
  granted(await limiter.acquire("a", 100)).release(empty);
  expect(await limiter.acquire("a", 900)).toEqual({ outcome: "throttled", retryAfterMs: 9_000 });
  expect(slept).toEqual([]);
});

test("the limiter follows a faster restore rate when Shopify reports one", async () => {
  const { limiter, slept } = createLimiter();
  granted(await limiter.acquire("a", 100)).release({ ...empty, restoreRate: 1_000 });
  granted(await limiter.acquire("a", 100)).release(null);
  expect(slept).toEqual([100]);
});

test("one shop's empty bucket holds no other shop back", async () => {
  const { limiter, slept } = createLimiter();
  granted(await limiter.acquire("a", 100)).release(empty);
  granted(await limiter.acquire("b", 900)).release(null);
  expect(slept).toEqual([]);
});

test("the limiter lets four calls of a shop be in flight, the fifth when one of them ends", async () => {
  const { limiter } = createLimiter();
  const permits = [];
  for (let call = 0; call < 4; call += 1) permits.push(granted(await limiter.acquire("a", 1)));
  let isFifthIn = false;
  const fifth = limiter.acquire("a", 1).then((permit) => {
    isFifthIn = true;
    return permit;
  });
  await Promise.resolve();
  expect(isFifthIn).toBe(false);
  permits[0]?.release(null);
  granted(await fifth).release(null);
  expect(isFifthIn).toBe(true);
});

test("the limiter sends callers away when too many wait already", async () => {
  const { limiter } = createLimiter();
  const waiting = [];
  for (let call = 0; call < 104; call += 1) waiting.push(limiter.acquire("a", 1));
  expect((await limiter.acquire("a", 1)).outcome).toBe("throttled");
  for (const permit of waiting) granted(await permit).release(null);
});
