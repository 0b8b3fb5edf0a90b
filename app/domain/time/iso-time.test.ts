import fc from "fast-check";
import { expect, test } from "vitest";
import { NOON, platformDate } from "#test/builders/domain.ts";
import { parseIsoTime, printIsoTime } from "./iso-time.ts";

test.each([
  ["2026-11-20T12:00:00.000Z", NOON],
  ["2026-11-20T12:00:00Z", NOON],
  ["2026-11-20T12:00Z", NOON],
  ["2026-11-20T13:00:00+01:00", NOON],
  ["2026-11-20T06:30:00-05:30", NOON],
  ["2026-11-20T12:00:00.5Z", NOON + 500],
  ["2026-11-20", NOON - 43_200_000],
  ["2024-02-29", 1_709_164_800_000],
  ["2000-02-29", 951_782_400_000],
])("parseIsoTime reads %s", (text, epochMs) => {
  expect(parseIsoTime(text)).toBe(epochMs);
});

test.each([
  ..."2026-11-20T12:00:00 2026-11-31 2026-13-01 2026-00-10 2026-01-00 2026-02-29 1900-02-29 2026-11-20T24:00Z".split(
    " ",
  ),
  ..."2026-11-20T12:60Z 2026-11-20T12:00:60Z 2026-11-20T12:00+15:00 2026-11-20T12:00+01:60 20-11-2026 noon".split(" "),
])("parseIsoTime refuses %s", (text) => {
  expect(parseIsoTime(text)).toBeNull();
});

test("parseIsoTime and printIsoTime agree with the platform from year 0 to 9999", () => {
  const [first, last] = [-62_167_219_200_000, 253_402_300_799_999];
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (epochMs) => {
      const text = platformDate(epochMs).toISOString();
      expect(printIsoTime(epochMs)).toBe(text);
      expect(parseIsoTime(text)).toBe(epochMs);
    }),
  );
});
