import { spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** One thing to run: a command of the project or of an installed tool, with this Node first on the PATH. */
export type Step = {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Record<string, string>;
};
export type Tally = { passed: number; failed: number; skipped: number };

const node = process.execPath;

const tsc = [node, "node_modules/typescript/bin/tsc", "--noEmit"];
/** Each extension sees the globals of its own surface of Shopify alone, so each is checked by itself. */
const EXTENSIONS = globSync("extensions/*/tsconfig.json", { cwd: join(import.meta.dirname, "..", "..") }).toSorted();

/** The steps that need no server: types, lint, format, boundaries, dead code. */
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
];

/** Runs a step, lets it print, and says how long it took. @returns whether it ended well */
export async function runStep(step: Step): Promise<boolean> {
  const startedAt = Date.now();
  const [program = node, ...args] = step.command;
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...step.env } });
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
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const step of steps) {
    if (await runStep(step)) tally.passed += 1;
    else tally.failed += 1;
  }
  return tally;
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
  const tally = readReport(report);
  rmSync(folder, { recursive: true, force: true });
  if (!ok && tally.failed === 0) tally.failed = 1;
  return tally;
}

function readReport(path: string): Tally {
  try {
    const report: unknown = JSON.parse(readFileSync(path, "utf8"));
    const count = (field: string): number => {
      const value = typeof report === "object" && report !== null ? Reflect.get(report, field) : undefined;
      return typeof value === "number" ? value : 0;
    };
    return {
      passed: count("numPassedTests"),
      failed: count("numFailedTests"),
      skipped: count("numPendingTests") + count("numTodoTests"),
    };
  } catch (error) {
    process.stdout.write(`no test report: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Adds tallies up. */
export function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, t) => ({
    passed: sum.passed + t.passed,
    failed: sum.failed + t.failed,
    skipped: sum.skipped + t.skipped,
  }));
}

/** Prints the closing line that other programs read, and sets the exit code. */
export function conclude(tally: Tally): void {
  process.exitCode = tally.failed === 0 ? 0 : 1;
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
}
