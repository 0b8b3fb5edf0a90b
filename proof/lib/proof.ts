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
  run(options: ProofOptions): Promise<ProofReport>;
};

/** The command line asks for something that there is not. */
export class UsageError extends Error {}

/** Reads a flag as a whole number of at least 1. @throws UsageError when it is none */
export function countFlag(options: ProofOptions, name: string, usual: number): number {
  const typed = options.flags[name];
  if (typed === undefined) return usual;
  const count = Number(typed);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--${name} ${typed} is not a whole number above 0`);
  return count;
}
