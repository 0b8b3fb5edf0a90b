/** What the command line says to a proof. */
export type ProofOptions = {
  /** Decides everything random. */
  readonly seed: number;
  /** The small run that belongs into `npm test`. */
  readonly short: boolean;
  /** Where the block of ports begins that the proof looks for free ones in. */
  readonly firstPort: number;
  /** `--kills`, `--target` and the like, as typed. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
};

/** What a proof found. Counts that could make it vacuous stand beside the three that decide. */
export type ProofReport = {
  readonly attempted: number;
  readonly violations: number;
  readonly inconclusive: number;
  readonly [count: string]: unknown;
};

export type Proof = {
  readonly name: string;
  /** One line for the list of names. */
  readonly about: string;
  /** Counts of the report that every run must reach, or it has shown nothing. */
  readonly least: Readonly<Record<string, number>>;
  /** Counts that the full form has to reach besides; the short one may leave out what makes them. */
  readonly leastFull?: Readonly<Record<string, number>>;
  run(options: ProofOptions): Promise<ProofReport>;
};

/**
 * Holds a report to its proof's least counts: each one that was not reached makes it inconclusive, by name.
 *
 * @param isFull whether the counts of the full form are meant too
 * @returns the report, with `below` when something was missing
 */
export function heldToLeast(
  proof: Pick<Proof, "least" | "leastFull">,
  report: ProofReport,
  isFull = false,
): ProofReport {
  const below = Object.entries({ ...proof.least, ...(isFull ? proof.leastFull : {}) })
    .filter(([count, least]) => !(Number(report[count]) >= least))
    .map(([count, least]) => `${count} is ${String(report[count])}, not at least ${least}`);
  return below.length === 0 ? report : { ...report, inconclusive: report.inconclusive + below.length, below };
}

/** The command line asks for something that there is not. */
export class UsageError extends Error {
  override toString(): string {
    return this.message;
  }
}

/** Reads a flag as a whole number of at least 1. @throws UsageError when it is none */
export function countFlag(options: ProofOptions, name: string, usual: number): number {
  const typed = options.flags[name];
  if (typed === undefined) return usual;
  const count = Number(typed);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--${name} ${typed} is not a whole number above 0`);
  return count;
}
