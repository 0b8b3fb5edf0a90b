import fc from "fast-check";
import { expect, test } from "vitest";
import type { Happening } from "./busiest.ts";
import { busiest } from "./busiest.ts";

const SPAN = 100;
const at = (...times: number[]): Happening[] => times.map((time) => ({ at: time, key: `k${time}` }));

test("busiest counts what fits into one span around the moment, wherever the span begins", () => {
  expect(busiest(at(0, 10, 99), 10, SPAN)).toBe(3);
  expect(busiest(at(0, 100), 0, SPAN)).toBe(1);
  expect(busiest(at(-90, -80, 0, 50, 60, 70), 0, SPAN)).toBe(4);
  expect(busiest([], 0, SPAN)).toBe(0);
});

test("busiest leaves out a burst that the moment is not part of", () => {
  expect(busiest([...at(0), ...at(500, 501, 502, 503)], 0, SPAN)).toBe(1);
});

test("busiest counts a key once", () => {
  const same = [0, 1, 2].map((time) => ({ at: time, key: "one" }));
  expect(busiest([...same, { at: 3, key: "two" }], 0, SPAN)).toBe(2);
});

test("busiest agrees with trying every span", () => {
  const some = fc.array(
    fc.record({ at: fc.integer({ min: -150, max: 150 }), key: fc.constantFrom("a", "b", "c", "d") }),
  );
  fc.assert(
    fc.property(some, (happenings) => {
      let most = 0;
      for (let end = 0; end < SPAN; end += 1) {
        const within = happenings.filter((one) => one.at > end - SPAN && one.at <= end);
        most = Math.max(most, new Set(within.map(({ key }) => key)).size);
      }
      expect(busiest(happenings, 0, SPAN)).toBe(most);
    }),
  );
});
