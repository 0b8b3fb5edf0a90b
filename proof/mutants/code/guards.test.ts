import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { applyHunks } from "../../lib/patched-source.ts";
import { CODE_GUARDS, WINDOW_IN_STATEMENT } from "./guards.ts";

const removals = CODE_GUARDS.map(({ guard, hunks }) => [guard, hunks] as const);

test.each(removals)("the guard is where the proofs take it out: %s", (_guard, hunks) => {
  for (const file of new Set(hunks.map((hunk) => hunk.file)))
    expect(applyHunks(file, readFileSync(file, "utf8"), hunks)).not.toBeNull();
});

test("the window is in the statement where the proofs take it out", () => {
  expect(readFileSync("app/data/sql/convert-referral.sql", "utf8").split(WINDOW_IN_STATEMENT)).toHaveLength(2);
});
