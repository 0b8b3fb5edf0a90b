import { expect, test } from "vitest";
import { createSimClock, parseDurationMs } from "./clock.ts";

const DAY_MS = 86_400_000;

test.each([
  ["P14D", 14 * DAY_MS],
  ["PT26H", 26 * 3_600_000],
  ["P1W", 7 * DAY_MS],
  ["P1DT2H3M4.5S", DAY_MS + 2 * 3_600_000 + 3 * 60_000 + 4_500],
  ["PT0S", 0],
])("parseDurationMs reads %s", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each(["", "P", "PT", "P1M", "P1Y", "14D", "-P1D", "P1.5D"])("parseDurationMs refuses %j", (text) => {
  expect(parseDurationMs(text)).toBeNull();
});

test("a clock runs what became due when it is moved, oldest first, and leaves the rest", () => {
  const clock = createSimClock();
  const start = clock.now().getTime();
  const ran: string[] = [];
  clock.at(new Date(start + 2 * DAY_MS), () => ran.push("second"));
  clock.at(new Date(start + DAY_MS), () => ran.push("first"));
  clock.at(new Date(start + 9 * DAY_MS), () => ran.push("later"));
  const callOff = clock.at(new Date(start + DAY_MS), () => ran.push("called off"));
  callOff();
  clock.set(new Date(start + 3 * DAY_MS));
  expect(ran).toEqual(["first", "second"]);
  clock.stop();
});

test("a clock goes on from where it was set", () => {
  const clock = createSimClock();
  clock.set(new Date("2030-01-01T00:00:00Z"));
  expect(clock.now().getTime() - Date.parse("2030-01-01T00:00:00Z")).toBeLessThan(1_000);
  clock.stop();
});
