import { expect, test } from "vitest";
import { applyHunks, HunkLost } from "./patched-source.ts";

const SOURCE = "if (isForged) return refuse();\nreturn accept();\n";
const hunk = { file: "app/door.ts", from: "if (isForged) return refuse();", to: "" };

test("a hunk takes its guard out of its own file", () => {
  expect(applyHunks("app/door.ts", SOURCE, [hunk])).toBe("\nreturn accept();\n");
});

test("a file without hunks is left alone", () => {
  expect(applyHunks("app/other.ts", SOURCE, [hunk])).toBeNull();
});

test.each(["return nothing();", "return"])("a hunk that is not there exactly once is lost: %s", (from) => {
  expect(() => applyHunks("app/door.ts", SOURCE, [{ ...hunk, from }])).toThrow(HunkLost);
});

test("what stands in a hunk is taken as it is, dollars included", () => {
  expect(applyHunks("app/door.ts", SOURCE, [{ ...hunk, to: "$& $1" }])).toContain("$& $1\n");
});
