import { expect, test } from "vitest";
import { atLeast, atLeastTimes, atMost, below, belowOrBaseline, told } from "./bench.ts";
import { median, percentile } from "./stats.ts";

test("median is the middle of what is given, in whatever order", () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("percentile is the nearest rank", () => {
  const figures = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(figures, 0.5), percentile(figures, 0.99), percentile(figures, 1)]).toEqual([50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
});

test("a must is met at its limit, and a limit is not below itself", () => {
  expect(atLeast({ name: "n", value: 10, unit: "/s" }, 10).met).toBe(true);
  expect(atLeast({ name: "n", value: 9.9, unit: "/s" }, 10).met).toBe(false);
  expect(atMost({ name: "n", value: 25, unit: "ms" }, 25).met).toBe(true);
  expect(below({ name: "n", value: 25, unit: "ms" }, 25).met).toBe(false);
  expect(belowOrBaseline({ name: "n", value: 4, unit: "ms", baseline: 1 }, 5).met).toBe(true);
  expect(belowOrBaseline({ name: "n", value: 30, unit: "ms", baseline: 60 }, 5)).toMatchObject({
    ratio: 0.5,
    met: true,
  });
  expect(belowOrBaseline({ name: "n", value: 30, unit: "ms", baseline: 29 }, 5).met).toBe(false);
  expect(atLeastTimes({ name: "n", value: 2, unit: "/s", baseline: 10 }, 0.2)).toMatchObject({ ratio: 0.2, met: true });
  expect(atLeastTimes({ name: "n", value: 2, unit: "/s", baseline: 0 }, 0.2).met).toBe(false);
  expect(told({ name: "n", value: 1, unit: "/s" })).toMatchObject({ must: null, met: null, ratio: null });
});
