// Everything: types, lint, format, boundaries, dead code, every test on a real PostgreSQL and both queue backends, the
// proofs in their short form, and the browser. The last line counts them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ensureAdminBuilt } from "./lib/admin-build.ts";
import { conclude, runStep, runSteps, runVitest, STATIC_STEPS, tallyOf, total } from "./lib/steps.ts";
import type { Tally } from "./lib/steps.ts";

const POSTGRES_15 = "/usr/lib/postgresql/15/bin";
/**
 * What the proofs draw here is always the same, so that a red run can be run again and stays red until it is mended, and a
 * change is never blamed for what it did not do. Fresh seeds belong to `npm run proof`. `PROOF_SEED` asks for another one.
 */
const PROOF_SEED = 20_261_120;

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
  const seed = process.env["PROOF_SEED"] ?? String(PROOF_SEED);
  const command = [process.execPath, "proof/run.ts", "all", "--short", "--seed", seed];
  const name = `proofs, short, seed ${seed}`;
  return tallyOf(name, await runStep({ name, command }));
}

/** In CI nothing may be missing; elsewhere it is a skip that nobody can overlook. */
function missing(what: string, install: string): Tally {
  const isCi = process.env["CI"] === "true";
  say(`${isCi ? "FAIL" : "SKIP"} ${what} is not installed (${install})`);
  return isCi ? tallyOf(what, false) : { passed: 0, failed: 0, skipped: 1, failures: [] };
}

for (const [program, install] of [
  ["redis-server", "apt-get install redis-server"],
  ["chromium", "apt-get install chromium"],
] as const) {
  if (spawnSync(program, ["--version"], { stdio: "ignore" }).error)
    say(`note: ${program} is not installed; what needs it was skipped (${install})`);
}
