import { expect, test } from "vitest";
import { brokenReport, listening, recapOf, totalOf } from "./recap.ts";
import type { Ran } from "./recap.ts";

const GOOD: Ran = { name: "storm", findings: [], report: { attempted: 40, violations: 0, inconclusive: 0 } };
const BAD: Ran = {
  name: "crash",
  findings: ["  ✗ paid twice: referral 7"],
  report: { attempted: 3, violations: 1, inconclusive: 0 },
};
const THIN: Ran = {
  name: "wipe",
  findings: ["  ? nothing was waiting"],
  report: { attempted: 0, violations: 0, inconclusive: 2 },
};

test("what failed is told again at the end, with its findings and its report", () => {
  expect(recapOf([GOOD, BAD, THIN], ({ name }) => `{${name}}`)).toEqual([
    "crash failed:",
    "  ✗ paid twice: referral 7",
    "{crash}",
    "wipe failed:",
    "  ? nothing was waiting",
    "{wipe}",
  ]);
  expect(recapOf([GOOD], () => "")).toEqual([]);
});

test("the total names the proofs that were run and those that failed", () => {
  expect(totalOf([GOOD, BAD, THIN])).toEqual({
    attempted: 43,
    violations: 1,
    inconclusive: 2,
    proofs: ["storm", "crash", "wipe"],
    failed: ["crash", "wipe"],
  });
});

test("findings are kept while they are printed, other lines only printed", () => {
  const printed: string[] = [];
  const options = { seed: 1, short: true, firstPort: 1, flags: {}, say: (line: string) => void printed.push(line) };
  const { heard, findings } = listening(options);
  for (const line of ["  ✓ held", "  ✗ lost", "? untried", "is it?"]) heard.say(line);
  expect(printed).toHaveLength(4);
  expect(findings).toEqual(["  ✗ lost", "? untried"]);
});

test("a proof that ended with an error is inconclusive, and says which error", () => {
  const report = brokenReport(new Error("no port is free"));
  expect(report).toMatchObject({ attempted: 0, inconclusive: 1 });
  expect(report["threw"]).toContain("no port is free");
});
