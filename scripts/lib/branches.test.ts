import { expect, test } from "vitest";
import { CoverageReport, percentTaken, readBranches } from "./branches.ts";

const SOURCE = [
  "function told(kind) {", //
  "  if (kind === null) return 0;",
  "  switch (kind) {",
  '    case "one":',
  "      return 1;",
  "    default:",
  "      return assertNever(kind);",
  "  }",
  "}",
].join("\n");

const at = (line: number, column: number) => ({ start: { line, column }, end: { line, column: column + 1 } });

function report(branches: {
  readonly if: readonly number[];
  readonly switch: readonly number[];
  readonly called: number;
}) {
  return CoverageReport.parse({
    "/root/app/domain/told.ts": {
      path: "/root/app/domain/told.ts",
      branchMap: {
        0: { type: "if", loc: at(2, 2), locations: [at(2, 2), { start: {}, end: {} }] },
        1: { type: "switch", loc: at(3, 2), locations: [at(4, 4), at(6, 4)] },
      },
      b: { 0: branches.if, 1: branches.switch },
      fnMap: { 0: { name: "told", loc: at(1, 0) } },
      f: { 0: branches.called },
    },
  });
}

test("a file whose every branch was taken is whole, though assertNever was not reached", () => {
  const read = readBranches(report({ if: [1, 2], switch: [2, 0], called: 3 }), "/root", () => SOURCE);
  expect(read).toEqual({ folders: [{ folder: "app/domain", taken: 4, all: 4 }], untaken: [] });
  expect(percentTaken(read.folders)).toBe(100);
});

test("a branch that no test takes is told by its line and its words, an else that is not written too", () => {
  const read = readBranches(report({ if: [1, 0], switch: [0, 0], called: 1 }), "/root", () => SOURCE);
  expect(read.untaken).toEqual([
    { file: "app/domain/told.ts", line: 2, what: "if, else: if (kind === null) return 0;" },
    { file: "app/domain/told.ts", line: 4, what: 'switch: case "one":' },
  ]);
  expect(percentTaken(read.folders)).toBe(50);
});

test("a function that is never called counts, so that a file without branches cannot hide", () => {
  const read = readBranches(report({ if: [1, 1], switch: [1, 0], called: 0 }), "/root", () => SOURCE);
  expect(read.untaken).toEqual([{ file: "app/domain/told.ts", line: 1, what: "never called: told" }]);
});

test("nothing of nothing is left out", () => {
  expect(percentTaken([])).toBe(100);
});
