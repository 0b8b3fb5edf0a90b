import { expect, test } from "vitest";
import { createBriefCache } from "./brief-cache.ts";

function build(sizeMax = 10) {
  const state = { nowMs: 0, loads: [] as string[], failure: null as Error | null };
  const cache = createBriefCache({
    load: async (key: string) => {
      state.loads.push(key);
      if (state.failure !== null) throw state.failure;
      return `${key}@${state.nowMs}`;
    },
    clock: { now: () => new Date(state.nowMs) },
    ttlMs: 5_000,
    sizeMax,
  });
  return { cache, state };
}

test("a brief cache loads once for all who ask at once, and again when its time is over", async () => {
  const { cache, state } = build();
  expect(await Promise.all([cache.get("a"), cache.get("a")])).toEqual(["a@0", "a@0"]);
  state.nowMs = 4_999;
  expect(await cache.get("a")).toBe("a@0");
  state.nowMs = 5_000;
  expect(await cache.get("a")).toBe("a@5000");
  expect(state.loads).toEqual(["a", "a"]);
});

test("a brief cache gives at once what it has and what is young enough, and loads nothing for it", async () => {
  const { cache, state } = build();
  expect(cache.peek("a")).toBeUndefined();
  await cache.get("a");
  expect(cache.peek("a")).toBe("a@0");
  cache.forget("a");
  expect(cache.peek("a")).toBeUndefined();
  await cache.get("a");
  state.nowMs = 5_000;
  expect(cache.peek("a")).toBeUndefined();
  expect(state.loads).toEqual(["a", "a"]);
});

test("a brief cache does not outlive a clock that is moved back", async () => {
  const { cache, state } = build();
  state.nowMs = 1_000_000;
  await cache.get("a");
  state.nowMs = 0;
  expect(await cache.get("a")).toBe("a@0");
});

test("a brief cache goes on with what it knew while nothing can be loaded, and throws for what it never knew", async () => {
  const { cache, state } = build();
  await cache.get("a");
  state.nowMs = 60_000;
  state.failure = new Error("away");
  expect(await cache.get("a")).toBe("a@0");
  await expect(cache.get("b")).rejects.toThrow("away");
  state.failure = null;
  expect(await cache.get("b")).toBe("b@60000");
});

test("a brief cache loads again what it was told to forget", async () => {
  const { cache, state } = build();
  await cache.get("a");
  state.nowMs = 1;
  cache.forget("a");
  expect(await cache.get("a")).toBe("a@1");
});

test("a brief cache keeps no more than its size", async () => {
  const { cache, state } = build(2);
  for (const key of ["a", "b", "c", "a"]) await cache.get(key);
  expect(state.loads).toEqual(["a", "b", "c", "a"]);
});
