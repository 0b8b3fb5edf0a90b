// `npm run proof -- NAME`: tries to break a promise, and says how hard it tried. The last line is JSON.
import { parseArgs } from "node:util";
import type { Proof, ProofOptions, ProofReport } from "./lib/proof.ts";
import { heldToLeast, UsageError } from "./lib/proof.ts";
import { brokenReport, isGood, listening, recapOf, totalOf } from "./lib/recap.ts";
import type { Ran } from "./lib/recap.ts";
import { PROOFS } from "./registry.ts";

const FIRST_PORT = 4600;
const SEED_MAX = 2 ** 31;
const FLAGS = ["kills", "target", "sequences", "referrals", "copies", "people", "seeds", "style", "points"] as const;

const OPTIONS = {
  json: { type: "boolean", default: false },
  short: { type: "boolean", default: false },
  seed: { type: "string" },
  port: { type: "string", default: String(FIRST_PORT) },
  kills: { type: "string" },
  target: { type: "string" },
  people: { type: "string" },
  seeds: { type: "string" },
  style: { type: "string" },
  sequences: { type: "string" },
  points: { type: "string" },
  referrals: { type: "string" },
  copies: { type: "string" },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const proofs = proofsNamed(positionals);
  const seed = values.seed === undefined ? Math.floor(Math.random() * SEED_MAX) : wholeNumber("seed", values.seed);
  // With --json nothing but the closing lines is for the reader's program.
  const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const flags = Object.fromEntries(FLAGS.map((name) => [name, values[name]]));
  const options: ProofOptions = { seed, short: values.short, firstPort: wholeNumber("port", values.port), flags, say };
  const ran: Ran[] = [];
  for (const proof of proofs) ran.push(await runOne(proof, options));
  if (positionals[0] === "all") {
    for (const line of recapOf(ran, ({ name, report }) => lineOf(name, seed, report))) say(line);
    process.stdout.write(`${lineOf("all", seed, totalOf(ran))}\n`);
  }
  return ran.every(({ report }) => isGood(report)) ? 0 : 1;
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function proofsNamed(names: readonly string[]): readonly Proof[] {
  const known = PROOFS.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join("\n");
  const [name, ...more] = names;
  if (name === "all" && more.length === 0) return PROOFS;
  const found = PROOFS.find((proof) => proof.name === name);
  if (found !== undefined && more.length === 0) return [found];
  const fault =
    name === undefined ? "say which proof" : more.length > 0 ? "one proof at a time" : `there is no proof "${name}"`;
  throw new UsageError(`${fault}. There are:\n${known}\n  ${"all".padEnd(12)}every one of them in turn`);
}

function wholeNumber(name: string, typed: string): number {
  const number = Number(typed);
  if (!Number.isInteger(number) || number < 0) throw new UsageError(`--${name} ${typed} is not a whole number`);
  return number;
}

async function runOne(proof: Proof, options: ProofOptions): Promise<Ran> {
  const startedAt = Date.now();
  options.say(`${proof.name} (seed ${options.seed}) …`);
  const { heard, findings } = listening(options);
  const found = await proof.run(heard).catch((error: unknown) => {
    if (error instanceof UsageError) throw error;
    return brokenReport(error);
  });
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  const report = { ...heldToLeast(proof, found, !options.short), seconds };
  process.stdout.write(`${lineOf(proof.name, options.seed, report)}\n`);
  return { name: proof.name, findings, report };
}

function lineOf(name: string, seed: number, report: ProofReport): string {
  const { attempted, violations, inconclusive, ...counts } = report;
  return JSON.stringify({ proof: name, attempted, violations, inconclusive, seed, ...counts });
}

try {
  process.exitCode = await main();
} catch (error) {
  const isFault = error instanceof Error && !(error instanceof UsageError);
  process.stderr.write(`goodword: ${isFault ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// Whatever a library still holds open, the proofs are over.
process.exit();
