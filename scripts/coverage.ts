// Branches of the domain and the use cases that the tests never take: `domain/` alone in a minute (`--domain`), both with the
// database tests in some more. The command fails where a branch is left out; `--least N` asks for less than all.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const ALL = 100;

const { values } = parseArgs({
  options: { domain: { type: "boolean", default: false }, least: { type: "string", default: String(ALL) } },
});
const rooms = values.domain ? ["app/domain"] : ["app/domain", "app/usecases"];
const command = [
  "node_modules/vitest/vitest.mjs",
  "run",
  ...(values.domain ? ["--config", "vitest.unit.config.ts", "app/domain"] : ["app"]),
  "--coverage",
  ...rooms.map((room) => `--coverage.include=${room}/**/*.ts`),
  "--coverage.exclude=**/*.test.ts",
  "--coverage.reporter=text",
  "--coverage.skipFull",
  `--coverage.thresholds.branches=${values.least}`,
];
const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
process.exitCode = status ?? 1;
