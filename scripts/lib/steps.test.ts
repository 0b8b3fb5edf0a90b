import { expect, test } from "vitest";
import { readReport, tallyOf, total } from "./steps.ts";

const COUNTS = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 1, numTodoTests: 0 };
const outcome = (fullName: string, status: string) => ({ fullName, status });

test("a report names each failed test by its run, its file and its name", () => {
  const name = `${process.cwd()}/app/a.test.ts`;
  const assertionResults = [outcome("adds", "passed"), outcome("rounds down", "failed")];
  const json = JSON.stringify({ ...COUNTS, testResults: [{ name, status: "failed", assertionResults }] });
  expect(readReport("unit", json)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 1,
    failures: ["unit: app/a.test.ts: rounds down"],
  });
});

test("a file that could not be loaded is a failure of its own", () => {
  const name = `${process.cwd()}/app/b.test.ts`;
  const testResults = [{ name, status: "failed", assertionResults: [] }];
  const json = JSON.stringify({ ...COUNTS, numFailedTests: 0, testResults });
  expect(readReport("unit", json)).toMatchObject({ failed: 1, failures: ["unit: app/b.test.ts"] });
});

test("a total keeps the names of what failed in the order in which it was run", () => {
  const sum = total([tallyOf("types", false), tallyOf("lint", true), tallyOf("format", false)]);
  expect(sum).toEqual({ passed: 1, failed: 2, skipped: 0, failures: ["types", "format"] });
});
