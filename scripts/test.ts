// Everything: types, lint, format, boundaries, dead code, every test on a real PostgreSQL and both queue backends, the
// proofs in their short form, and the browser. The last line counts them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ensureAdminBuilt } from "./lib/admin-build.ts";
import { conclude, runStep, runSteps, runVitest, STATIC_STEPS, total } from "./lib/steps.ts";
import type { Tally } from "./lib/steps.ts";

const POSTGRES_15 = "/usr/lib/postgresql/15/bin";

const tallies: Tally[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`Node ${process.versions.node}, ${process.platform}-${process.arch}`);
await ensureAdminBuilt(say);
tallies.push(await runSteps(STATIC_STEPS));
tallies.push(await runVitest("tests on PostgreSQL 18", []));
tallies.push(await onPostgres15());
tallies.push(await proofs());
tallies.push(await runVitest("the journey in Chromium", ["--config", "vitest.e2e.config.ts"]));
conclude(total(tallies));

/** The schema holds on the oldest PostgreSQL that is promised, too. */
async function onPostgres15(): Promise<Tally> {
  if (existsSync(`${POSTGRES_15}/initdb`))
    return runVitest("schema on PostgreSQL 15", ["test/schema"], { TEST_POSTGRES_BIN: POSTGRES_15 });
  return missing("PostgreSQL 15", "apt-get install postgresql-15");
}

async function proofs(): Promise<Tally> {
  const command = [process.execPath, "proof/run.ts", "all", "--short"];
  const ok = await runStep({ name: "proofs, short", command });
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** In CI nothing may be missing; elsewhere it is a skip that nobody can overlook. */
function missing(what: string, install: string): Tally {
  const isCi = process.env["CI"] === "true";
  say(`${isCi ? "FAIL" : "SKIP"} ${what} is not installed (${install})`);
  return { passed: 0, failed: isCi ? 1 : 0, skipped: isCi ? 0 : 1 };
}

for (const [program, install] of [
  ["redis-server", "apt-get install redis-server"],
  ["chromium", "apt-get install chromium"],
] as const) {
  if (spawnSync(program, ["--version"], { stdio: "ignore" }).error)
    say(`note: ${program} is not installed; what needs it was skipped (${install})`);
}
