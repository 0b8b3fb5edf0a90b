import { expect, test } from "vitest";
import { NOON } from "#test/builders/domain.ts";
import { parseIsoTime, printIsoTime } from "./iso-time.ts";
import { wallClockMs } from "./wall-clock.ts";

test.each([
  ["2026-11-20T12:00:00.123Z", "UTC", "2026-11-20T12:00:00.123Z"],
  ["2026-11-20T16:30:05.007Z", "Asia/Tokyo", "2026-11-21T01:30:05.007Z"],
  ["2026-11-20T02:00:00.000Z", "America/St_Johns", "2026-11-19T22:30:00.000Z"],
  ["2026-07-01T12:00:00.000Z", "Europe/London", "2026-07-01T13:00:00.000Z"],
  ["2026-11-20T12:00:00.000Z", null, "2026-11-20T12:00:00.000Z"],
  ["2026-11-20T12:00:00.000Z", "Mars/Olympus", "2026-11-20T12:00:00.000Z"],
])("at %s a clock in %s shows %s", (at, timezone, shown) => {
  expect(printIsoTime(wallClockMs(parseIsoTime(at) ?? 0, timezone))).toBe(shown);
});

test("a clock that is set back shows one hour twice", () => {
  const shown = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map((at) =>
    wallClockMs(parseIsoTime(at) ?? 0, "Europe/London"),
  );
  expect(shown[1]).toBe(shown[0]);
});

test("past the year 9999 every clock shows UTC", () => {
  const atMs = 8_000 * 365 * 86_400_000 + NOON;
  expect(wallClockMs(atMs, "Asia/Tokyo")).toBe(atMs);
});
