import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("backoffMs stays between one second and thirty minutes, whatever the attempt and the draw", () => {
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), draw, (attempts, random) => {
      const waitMs = backoffMs(attempts, () => random);
      return waitMs >= 1_000 && waitMs <= 30 * 60_000;
    }),
  );
});

test("backoffMs doubles its ceiling with each attempt until it reaches the longest wait", () => {
  const ceilings = [1, 2, 3, 4, 12].map((attempts) => backoffMs(attempts, () => 1));
  expect(ceilings).toEqual([2_000, 4_000, 8_000, 16_000, 1_800_000]);
});
