import { expect, test } from "vitest";
import { buildBench } from "../../fidelity/harness.ts";
import { countryName, shopTime } from "./parts.ts";

test.each([
  ["Europe/London", "2026-03-29T00:59:59.900Z", "2026-03-29T00:59:59+00:00"],
  ["Europe/London", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00+01:00"],
  ["America/New_York", "2026-01-01T03:04:05Z", "2025-12-31T22:04:05-05:00"],
  ["Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00+05:45"],
  ["America/St_Johns", "2026-01-01T00:00:00Z", "2025-12-31T20:30:00-03:30"],
])("a time in %s is printed with the offset that the zone has then (%s)", (ianaTimezone, instant, printed) => {
  const { shop } = buildBench({});
  expect(shopTime({ ...shop, ianaTimezone }, new Date(instant))).toBe(printed);
  expect(shopTime({ ...shop, ianaTimezone }, new Date(instant))).toBe(printed);
});

test("a country is called by its name, and an unknown one by its code", () => {
  expect([countryName("GB"), countryName("QQ"), countryName(null)]).toEqual(["United Kingdom", "QQ", null]);
});
