import { expect, test } from "vitest";
import { parseIsoTime } from "../time/iso-time.ts";
import { quietUntil } from "./quiet-hours.ts";

test.each([
  ["2026-11-20T22:30:00Z", "Europe/London", "2026-11-21T08:00:00.000Z"],
  ["2026-11-20T05:59:59Z", "Europe/London", "2026-11-20T08:00:00.000Z"],
  ["2026-11-20T12:00:00Z", "Europe/London", null],
  ["2026-11-20T08:00:00Z", "Europe/London", null],
  ["2026-11-20T13:15:00Z", "Asia/Tokyo", "2026-11-20T23:00:00.000Z"],
  ["2026-11-20T22:30:00Z", null, "2026-11-21T08:00:00.000Z"],
  ["2026-11-20T22:30:00Z", "Mars/Olympus", "2026-11-21T08:00:00.000Z"],
])("at %s in %s the quiet hours from 21 to 8 end at %s", (now, timezone, end) => {
  const until = quietUntil(parseIsoTime(now) ?? 0, timezone, { from: 21, to: 8 });
  expect(until).toBe(end === null ? null : parseIsoTime(end));
});

test("the same hour twice means that no hour is quiet", () => {
  expect(quietUntil(1_795_213_800_000, "UTC", { from: 8, to: 8 })).toBeNull();
});
