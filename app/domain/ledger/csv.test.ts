import { expect, test } from "vitest";
import { NOON } from "#test/builders/domain.ts";
import { parseIsoTime } from "../time/iso-time.ts";
import { ACCOUNT_TYPES } from "./accounts.ts";
import { CHART, chartLabel, describeEntry } from "./chart.ts";
import { csvLine, readPeriod } from "./csv.ts";

const now = NOON;

test("a line of CSV quotes what would break it", () => {
  expect(csvLine(["plain", "a,b", 'say "yes"', "two\nlines"])).toBe('plain,"a,b","say ""yes""","two\nlines"\r\n');
});

test("a period has both its days, and is everything until today when none is given", () => {
  expect(readPeriod("2026-11-01", "2026-11-30", now)).toEqual({
    fromMs: parseIsoTime("2026-11-01T00:00:00Z"),
    untilMs: parseIsoTime("2026-12-01T00:00:00Z"),
  });
  expect(readPeriod(null, "", now)).toEqual({
    fromMs: parseIsoTime("2000-01-01T00:00:00Z"),
    untilMs: parseIsoTime("2026-11-21T00:00:00Z"),
  });
});

test.each([
  ["2026-02-30", null],
  ["yesterday", null],
  ["2026-11-02", "2026-11-01"],
  [null, "2026-13-01"],
])("a period of %s to %s is none", (from, to) => {
  expect(readPeriod(from, to, now)).toBeNull();
});

test("every account type has a number of its own in the chart", () => {
  expect(new Set(ACCOUNT_TYPES.map((type) => CHART[type].number)).size).toBe(ACCOUNT_TYPES.length);
});

test("an entry is told by what it does and for whom", () => {
  expect(describeEntry({ kind: 2, purpose: "reward", side: 2 })).toBe("Earned: the friend's reward");
  expect(describeEntry({ kind: 1, purpose: "reward", side: 1 })).toBe("Promised: the referrer's reward");
  expect(describeEntry({ kind: 3, purpose: "reward", side: 1 })).toBe("Not earned: the referrer's reward");
  expect(describeEntry({ kind: 4, purpose: "breakage", side: null })).toBe("Reward not used");
});

test("an entry of a purpose that a later version wrote is told by the purpose's own name", () => {
  expect(describeEntry({ kind: 4, purpose: "escheat", side: null })).toBe("escheat");
});

test("an account is told by its number and its name", () => {
  expect(chartLabel("goodwill")).toBe("6110 Cost of goodwill");
});
