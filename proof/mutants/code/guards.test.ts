import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { applyHunks } from "../../lib/patched-source.ts";
import { CODE_GUARDS } from "./guards.ts";

const removals = CODE_GUARDS.map(({ guard, hunks }) => [guard, hunks] as const);

test.each(removals)("the guard is where the proofs take it out: %s", (_guard, hunks) => {
  for (const file of new Set(hunks.map((hunk) => hunk.file)))
    expect(applyHunks(file, readFileSync(file, "utf8"), hunks)).not.toBeNull();
});
