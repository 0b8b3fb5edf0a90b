import { afterAll, expect, test } from "vitest";
import { createMetrics } from "#app/platform/metrics.ts";
import { keepClickPartitions } from "#app/data/keep-click-partitions.ts";
import { NOON } from "#test/builders/domain.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import { createRandom } from "../lib/random.ts";
import { play } from "./play.ts";
import { DAY_MS, HOUR_MS, LAG_MAX_MS, tellStory } from "./story.ts";
import type { Happening, Story } from "./story.ts";

const db = await createTestDatabase();
afterAll(db.drop);
await keepClickPartitions(db.databaseUrl, new Date(NOON));
const stage = { pools: db.pools, databaseUrl: db.databaseUrl, metrics: createMetrics() };

const ORDER: Extract<Happening, { do: "order" }> = {
  do: "order",
  who: "mara",
  lag: 1_000,
  paidLag: 2_000,
  carries: false,
  usesCode: false,
  onDevice: false,
  risky: false,
};

function story(when: string, steps: readonly [hours: number, happening: Happening][]): Story {
  return {
    seed: 0,
    terms: { friend: { when } },
    onDansDevice: null,
    steps: steps.map(([hours, happening]) => ({ at: hours * HOUR_MS, ...happening })),
  };
}

test("an order whose evidence does not count is weighed again when better evidence comes", async () => {
  const played = await play(
    stage,
    story("on_first_order", [
      [8, { do: "tap", who: "mara", owner: "dan" }],
      [11, { do: "claim", who: "mara" }],
      [12, { do: "bind", who: "mara", lag: 21 * HOUR_MS }],
      [13, ORDER],
    ]),
  );
  expect(played.differences).toEqual([]);
  expect(played.seen).toMatchObject([{ state: "REWARDED", rewards: ["1:earned", "2:welcome"] }]);
});

test("a shop that came back before it was known to be gone stays open, and pays what waited", async () => {
  const played = await play(
    stage,
    story("after_first_order", [
      [1, { do: "tap", who: "mara", owner: "dan" }],
      [2, { ...ORDER, carries: true }],
      [13 * 24, { do: "uninstall", lag: 6 * HOUR_MS, awayMs: 3 * HOUR_MS }],
    ]),
  );
  expect(played.differences).toEqual([]);
  expect(played.seen).toMatchObject([{ state: "REWARDED", rewards: ["1:earned", "2:earned"] }]);
});

test("an app that never hears of the payment is found out", async () => {
  const paid = story("after_first_order", [
    [1, { do: "tap", who: "mara", owner: "dan" }],
    [2, { ...ORDER, carries: true }],
  ]);
  expect((await play(stage, paid)).differences).toEqual([]);
  const deaf = await play(stage, paid, "orders/paid");
  expect(deaf.differences[0]).toContain("order_not_paid");
});

test("a seed tells the same story every time, with lags up to 26 hours and in the order in which things happen", () => {
  const told = Array.from({ length: 50 }, (_, seed) => tellStory(seed, createRandom(seed)));
  expect(tellStory(7, createRandom(7))).toEqual(told[7]);
  for (const { steps } of told)
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
  const lags = told.flatMap(({ steps }) => steps.flatMap((step) => ("lag" in step ? [step.lag] : [])));
  expect(Math.max(...lags)).toBeGreaterThan(20 * HOUR_MS);
  expect(Math.max(...lags)).toBeLessThanOrEqual(LAG_MAX_MS);
  expect(LAG_MAX_MS).toBeLessThan(DAY_MS + 2 * HOUR_MS);
});
