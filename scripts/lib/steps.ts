import { spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { COMPILE_CACHE } from "./compile-cache.ts";

/** One thing to run: a command of the project or of an installed tool, with this Node first on the PATH. */
export type Step = {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Record<string, string>;
};
/** @property failures the names of the steps and tests that failed, in the order in which they were run */
export type Tally = { passed: number; failed: number; skipped: number; failures: string[] };

const node = process.execPath;

const tsc = [node, "node_modules/typescript/bin/tsc", "--noEmit"];
/** Each extension sees the globals of its own surface of Shopify alone, so each is checked by itself. */
const EXTENSIONS = globSync("extensions/*/tsconfig.json", { cwd: join(import.meta.dirname, "..", "..") }).toSorted();

/** The steps that need no server: types, lint, format, boundaries, dead code, and every way through the domain. */
export const STATIC_STEPS: readonly Step[] = [
  { name: "types", command: tsc },
  ...EXTENSIONS.map((path) => ({ name: `types of ${dirname(path)}`, command: [...tsc, "-p", path] })),
  { name: "lint", command: [node, "node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"] },
  { name: "format", command: [node, "node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."] },
  {
    name: "boundaries",
    command: [
      node,
      "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
      "app",
      "simulator",
      "proof",
      "test",
      "--config",
      ".dependency-cruiser.mjs",
    ],
  },
  { name: "dead code", command: [node, "node_modules/knip/bin/knip.js"] },
  { name: "every branch of the domain", command: [node, "scripts/coverage.ts", "--domain"] },
];

/** Runs a step, lets it print, and says how long it took. @returns whether it ended well */
export async function runStep(step: Step): Promise<boolean> {
  const startedAt = Date.now();
  const [program = node, ...args] = step.command;
  const env = { ...COMPILE_CACHE, ...process.env, ...step.env };
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env });
  const code = await new Promise<number>((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${step.name} (${seconds} s)\n`);
  return code === 0;
}

/** Runs each step in turn; every one counts as a test. */
export async function runSteps(steps: readonly Step[]): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const step of steps) tallies.push(tallyOf(step.name, await runStep(step)));
  return total(tallies);
}

/** A step as one test of its own. */
export function tallyOf(name: string, ok: boolean): Tally {
  return ok
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: [name] };
}

/**
 * Runs vitest and counts its tests from its own report, so that a file that failed to load counts as a failure too.
 * @param args what follows `vitest run`
 */
export async function runVitest(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "goodword-vitest-"));
  const report = join(folder, "report.json");
  const command = [
    node,
    "node_modules/vitest/vitest.mjs",
    "run",
    ...args,
    "--reporter=dot",
    "--reporter=json",
    "--reporter=test/reporters/second-run.ts",
    `--outputFile.json=${report}`,
  ];
  const ok = await runStep({ name, command, env });
  const tally = reportOf(name, report);
  rmSync(folder, { recursive: true, force: true });
  // Vitest also ends badly for what belongs to no test, an error that nobody caught for one.
  return ok || tally.failed > 0 ? tally : total([tally, tallyOf(name, false)]);
}

function reportOf(name: string, path: string): Tally {
  try {
    return readReport(name, readFileSync(path, "utf8"));
  } catch (error) {
    process.stdout.write(`no test report: ${error instanceof Error ? error.message : String(error)}\n`);
    return tallyOf(`${name}: no test report`, false);
  }
}

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Reads vitest's report in JSON.
 *
 * @param name what the run is called
 * @returns its counts and every failed test by file and name; a file that could not be loaded is a failure by its own name
 */
export function readReport(name: string, json: string): Tally {
  const report = Report.parse(JSON.parse(json));
  const failedTests: string[] = [];
  const failedFiles: string[] = [];
  for (const file of report.testResults) {
    const path = relative(process.cwd(), file.name);
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    failedTests.push(...failed.map(({ fullName }) => `${name}: ${path}: ${fullName}`));
    if (file.status === "failed" && failed.length === 0) failedFiles.push(`${name}: ${path}`);
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + failedFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [...failedTests, ...failedFiles],
  };
}

/** Adds tallies up. */
export function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, t) => ({
    passed: sum.passed + t.passed,
    failed: sum.failed + t.failed,
    skipped: sum.skipped + t.skipped,
    failures: [...sum.failures, ...t.failures],
  }));
}

/** Prints every failure by name and then the closing line that other programs read, and sets the exit code. */
export function conclude(tally: Tally): void {
  process.exitCode = tally.failed === 0 ? 0 : 1;
  for (const name of tally.failures) process.stdout.write(`FAIL ${name}\n`);
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
}
