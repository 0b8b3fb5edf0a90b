/** What the command line says to a bench. */
export type BenchOptions = {
  /** Decides everything random. */
  readonly seed: number;
  /** Where the block of ports begins that the bench uses. */
  readonly firstPort: number;
  /** Runs of the subject, and as many of each baseline between them. */
  readonly rounds: number;
  /** How long one run is. */
  readonly seconds: number;
  /** `--referrals` and the like, as typed. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
};

/** One figure, with what it is held against. */
export type BenchResult = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The other figure of the same run, in the same unit; null where a figure stands for itself. */
  readonly baseline: number | null;
  /** value / baseline. */
  readonly ratio: number | null;
  /** What must hold, in words; null for a figure that is only told. */
  readonly must: string | null;
  readonly met: boolean | null;
};

export type Bench = {
  readonly name: string;
  /** One line for the list of names. */
  readonly about: string;
  run(options: BenchOptions): Promise<readonly BenchResult[]>;
};

/** The command line asks for something that there is not. */
export class UsageError extends Error {}

/** Reads a flag as a whole number of at least 1. @throws UsageError when it is none */
export function countFlag(options: Pick<BenchOptions, "flags">, name: string, usual: number): number {
  const typed = options.flags[name];
  if (typed === undefined) return usual;
  const count = Number(typed);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--${name} ${typed} is not a whole number above 0`);
  return count;
}

type Figure = { readonly name: string; readonly value: number; readonly unit: string; readonly baseline?: number };

/** A figure that nothing is asked of. */
export function told(figure: Figure): BenchResult {
  return { ...withRatio(figure), must: null, met: null };
}

/** A figure that must not be below `least`. */
export function atLeast(figure: Figure, least: number): BenchResult {
  return { ...withRatio(figure), must: `>= ${least} ${figure.unit}`, met: figure.value >= least };
}

/** A figure that must not be above `limit`. */
export function atMost(figure: Figure, limit: number): BenchResult {
  return { ...withRatio(figure), must: `<= ${limit} ${figure.unit}`, met: figure.value <= limit };
}

/** A figure that must be below `limit`. */
export function below(figure: Figure, limit: number): BenchResult {
  return { ...withRatio(figure), must: `< ${limit} ${figure.unit}`, met: figure.value < limit };
}

/** A figure that must be below `limit`, or not above its baseline where the machine itself is slower than that. */
export function belowOrBaseline(figure: Figure & { readonly baseline: number }, limit: number): BenchResult {
  const met = figure.value < limit || figure.value <= figure.baseline;
  return { ...withRatio(figure), must: `< ${limit} ${figure.unit} or <= the baseline`, met };
}

/** A figure that must be at least so many times its baseline. */
export function atLeastTimes(figure: Figure & { readonly baseline: number }, least: number): BenchResult {
  const result = withRatio(figure);
  return { ...result, must: `ratio >= ${least}`, met: result.ratio !== null && result.ratio >= least };
}

function withRatio({ name, value, unit, baseline }: Figure): Omit<BenchResult, "must" | "met"> {
  const ratio = baseline === undefined || baseline === 0 ? null : rounded(value / baseline);
  return { name, value: rounded(value), unit, baseline: baseline === undefined ? null : rounded(baseline), ratio };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
