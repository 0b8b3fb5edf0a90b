// The ways through `app/domain` and `app/usecases` that no test of theirs takes. `--domain` looks at the domain alone (no
// server is needed), a folder at that folder by its own tests: `npm run coverage -- app/usecases/review`. The command lists
// every branch and function that is left out and fails where there is one; `--least N` asks for N percent.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CoverageReport, percentTaken, readBranches } from "./lib/branches.ts";
import type { Branches } from "./lib/branches.ts";

const ROOT = join(import.meta.dirname, "..");
const ALL = "100";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { domain: { type: "boolean", default: false }, least: { type: "string", default: ALL } },
});
const isDomain = values.domain;
const folders = isDomain ? ["app/domain"] : positionals.length > 0 ? positionals : ["app/domain", "app/usecases"];

const reports = mkdtempSync(join(tmpdir(), "goodword-coverage-"));
try {
  // Functions that come out of the compile cache are counted less exactly.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" };
  const { status } = spawnSync(process.execPath, commandFor(reports), { stdio: "inherit", cwd: ROOT, env });
  process.exitCode = status === 0 ? judge(readReport(reports)) : (status ?? 1);
} finally {
  rmSync(reports, { recursive: true, force: true });
}

function commandFor(directory: string): readonly string[] {
  return [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...(isDomain ? ["--config", "vitest.unit.config.ts"] : []),
    ...folders,
    "--reporter=dot",
    "--coverage",
    ...folders.map((folder) => `--coverage.include=${folder}/**/*.ts`),
    "--coverage.exclude=**/*.test.ts",
    "--coverage.reporter=json",
    `--coverage.reportsDirectory=${directory}`,
  ];
}

function readReport(directory: string): Branches {
  const written: unknown = JSON.parse(readFileSync(join(directory, "coverage-final.json"), "utf8"));
  return readBranches(CoverageReport.parse(written), ROOT, (path) => readFileSync(path, "utf8"));
}

/** Prints what is missing, folder by folder. @returns the exit code */
function judge({ folders: counts, untaken }: Branches): number {
  const lines = untaken.map(({ file, line, what }) => `${file}:${line} ${what}`);
  const table = counts.map((count) => `${percentTaken([count]).toFixed(2).padStart(6)} %  ${count.folder}`);
  const percent = percentTaken(counts);
  const isEnough = percent >= Number(values.least);
  const closing = `${isEnough ? "ok" : "FAIL"} ${percent.toFixed(2)} % of branches and functions, ${untaken.length} left out`;
  process.stdout.write(`${[...lines, ...table, closing].join("\n")}\n`);
  return isEnough ? 0 : 1;
}
