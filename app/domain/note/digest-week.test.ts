import { expect, test } from "vitest";
import { parseIsoTime, printIsoTime } from "../time/iso-time.ts";
import { digestWeek } from "./digest-week.ts";

test.each([
  ["2026-11-16T08:00:00Z", "Europe/London", "2026-11-16", "2026-11-16T08:00:00.000Z"],
  ["2026-11-16T07:59:59Z", "Europe/London", "2026-11-09", "2026-11-09T08:00:00.000Z"],
  ["2026-11-22T23:59:59Z", "Europe/London", "2026-11-16", "2026-11-16T08:00:00.000Z"],
  ["2026-11-15T23:00:00Z", "Asia/Tokyo", "2026-11-16", "2026-11-15T23:00:00.000Z"],
  ["2026-11-15T22:59:59.999Z", "Asia/Tokyo", "2026-11-09", "2026-11-08T23:00:00.000Z"],
  ["2026-11-20T12:00:00.250Z", "Mars/Olympus", "2026-11-16", "2026-11-16T08:00:00.000Z"],
])("at %s in %s it is the week of %s, which began at %s", (now, timezone, monday, began) => {
  const week = digestWeek(parseIsoTime(now) ?? 0, timezone);
  expect([week.monday, printIsoTime(week.beganMs)]).toEqual([monday, began]);
});
