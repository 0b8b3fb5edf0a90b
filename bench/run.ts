// `npm run bench -- NAME`: measures how fast something is, beside what it is held against. The last line is JSON.
import { parseArgs } from "node:util";
import type { Bench, BenchOptions, BenchResult } from "./lib/bench.ts";
import { UsageError } from "./lib/bench.ts";
import { thisMachine } from "./lib/machine.ts";
import { BENCHES } from "./registry.ts";

const FIRST_PORT = 4700;
const ROUNDS = 5;
const SECONDS = 3;
const SEED_MAX = 2 ** 31;
const FLAGS = ["referrals", "events"] as const;

const OPTIONS = {
  json: { type: "boolean", default: false },
  seed: { type: "string" },
  port: { type: "string", default: String(FIRST_PORT) },
  rounds: { type: "string", default: String(ROUNDS) },
  seconds: { type: "string", default: String(SECONDS) },
  referrals: { type: "string" },
  events: { type: "string" },
} as const;

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const bench = benchNamed(positionals);
  const seed = values.seed === undefined ? Math.floor(Math.random() * SEED_MAX) : wholeNumber("seed", values.seed);
  // With --json nothing but the closing line is for the reader's program.
  const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const options: BenchOptions = {
    seed,
    firstPort: wholeNumber("port", values.port),
    rounds: wholeNumber("rounds", values.rounds),
    seconds: wholeNumber("seconds", values.seconds),
    flags: Object.fromEntries(FLAGS.map((name) => [name, values[name]])),
    say,
  };
  const machine = thisMachine();
  say(
    `${bench.name} on ${machine.cores} × ${machine.cpu}, Node ${machine.node}, commit ${machine.commit}, load ${machine.loadBefore}, seed ${seed} …`,
  );
  const results = await bench.run(options);
  for (const result of results) say(lineOf(result));
  const met = results.every((result) => result.met !== false);
  process.stdout.write(`${JSON.stringify({ bench: bench.name, met, results, machine, seed })}\n`);
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function benchNamed(names: readonly string[]): Bench {
  const [name, ...more] = names;
  const found = BENCHES.find((bench) => bench.name === name);
  if (found !== undefined && more.length === 0) return found;
  const known = BENCHES.map((bench) => `  ${bench.name.padEnd(12)}${bench.about}`).join("\n");
  const fault =
    name === undefined ? "say which bench" : more.length > 0 ? "one bench at a time" : `there is no bench "${name}"`;
  throw new UsageError(`${fault}. There are:\n${known}`);
}

function wholeNumber(name: string, typed: string): number {
  const number = Number(typed);
  if (!Number.isInteger(number) || number < 0) throw new UsageError(`--${name} ${typed} is not a whole number`);
  return number;
}

function lineOf({ name, value, unit, baseline, ratio, must, met }: BenchResult): string {
  const against = baseline === null ? "" : `  beside ${baseline} (× ${ratio})`;
  const verdict = must === null ? "" : `  must ${must}: ${met === true ? "met" : "NOT MET"}`;
  return `  ${name.padEnd(34)}${String(value).padStart(9)} ${unit}${against}${verdict}`;
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(
    `goodword: ${isUsage || !(error instanceof Error) ? String(error instanceof Error ? error.message : error) : (error.stack ?? error.message)}\n`,
  );
  process.exitCode = isUsage ? 2 : 1;
}
process.exit();
