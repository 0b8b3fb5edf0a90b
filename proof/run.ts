// `npm run proof -- NAME`: tries to break a promise, and says how hard it tried. The last line is JSON.
import { parseArgs } from "node:util";
import type { Proof, ProofOptions, ProofReport } from "./lib/proof.ts";
import { heldToLeast, UsageError } from "./lib/proof.ts";
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
  const reports: ProofReport[] = [];
  for (const proof of proofs) reports.push(await runOne(proof, options));
  if (positionals[0] === "all") print("all", seed, { ...total(reports), proofs: proofs.map(({ name }) => name) });
  return reports.every(isGood) ? 0 : 1;
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function proofsNamed(names: readonly string[]): readonly Proof[] {
  const known = PROOFS.map(({ name, about }) => `  ${name.padEnd(10)}${about}`).join("\n");
  const [name, ...more] = names;
  if (name === "all" && more.length === 0) return PROOFS;
  const found = PROOFS.find((proof) => proof.name === name);
  if (found !== undefined && more.length === 0) return [found];
  const fault =
    name === undefined ? "say which proof" : more.length > 0 ? "one proof at a time" : `there is no proof "${name}"`;
  throw new UsageError(`${fault}. There are:\n${known}\n  ${"all".padEnd(10)}every one of them in turn`);
}

function wholeNumber(name: string, typed: string): number {
  const number = Number(typed);
  if (!Number.isInteger(number) || number < 0) throw new UsageError(`--${name} ${typed} is not a whole number`);
  return number;
}

async function runOne(proof: Proof, options: ProofOptions): Promise<ProofReport> {
  const startedAt = Date.now();
  options.say(`${proof.name} (seed ${options.seed}) …`);
  const report = heldToLeast(proof, await proof.run(options), !options.short);
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  print(proof.name, options.seed, { ...report, seconds });
  return report;
}

function print(name: string, seed: number, { attempted, violations, inconclusive, ...counts }: ProofReport): void {
  process.stdout.write(`${JSON.stringify({ proof: name, attempted, violations, inconclusive, seed, ...counts })}\n`);
}

function total(reports: readonly ProofReport[]): ProofReport {
  const sum = (of: "attempted" | "violations" | "inconclusive"): number =>
    reports.reduce((all, report) => all + report[of], 0);
  return { attempted: sum("attempted"), violations: sum("violations"), inconclusive: sum("inconclusive") };
}

function isGood({ violations, inconclusive }: ProofReport): boolean {
  return violations === 0 && inconclusive === 0;
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
