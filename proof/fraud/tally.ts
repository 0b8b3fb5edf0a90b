import type { Outcome } from "./judge.ts";

/** Ten pounds for each side. */
const REWARD_MINOR = 1_000;
const SIDES = 2;

/** What the screen is held to; shares are of 1. `docs/screen.md` says how each is meant. */
const LIMITS = {
  honestBlocked: 0,
  honestHeldOfUnrelated: 0.005,
  honestHeld: 0.03,
  fraudOfPaid: 0.01,
  fraudPaid: 0.01,
} as const;
const LIMIT_NAMES = ["honestBlocked", "honestHeldOfUnrelated", "honestHeld", "fraudOfPaid", "fraudPaid"] as const;
const HONEST_PAID_LEAST = 0.95;

const COUNTS = [
  "people",
  "honest",
  "family",
  "grey",
  "cheats",
  "cheatsWithoutSignal",
  "honestBlocked",
  "honestHeldCount",
  "unrelatedHeld",
  "honestPaidCount",
  "cheatsHeld",
  "missedByScreen",
  "missedByReviewer",
  "withoutSignalPaid",
  "paid",
] as const;
type Counts = Record<(typeof COUNTS)[number], number>;
type Table = Record<string, Record<string, number>>;

/** Outcomes held against the labels: counts, and a row for each rule and for each kind of person. */
export type Tally = { readonly counts: Counts; readonly rules: Table; readonly kinds: Table };

/** A tally in shares, with the names of the limits that it breaks. */
export type Judged = {
  readonly honestBlocked: number;
  /** Of the honest who share no card, address or browser with their referrer. */
  readonly honestHeldOfUnrelated: number;
  readonly honestHeld: number;
  readonly honestPaid: number;
  /** Of all rewards that were paid, those of cheats who share a signal with their referrer. */
  readonly fraudOfPaid: number;
  /** Of those cheats, the ones who were paid: by a reviewer's error, or because nothing held them. */
  readonly fraudPaid: number;
  /** The two parts of it: cheats whom nothing held, and held ones whom a reviewer let go. */
  readonly missedByScreenShare: number;
  readonly missedByReviewerShare: number;
  /** The same of cheats who share nothing: for the record. */
  readonly withoutSignalPaid: number;
  /** Of everything held, what was a cheat. */
  readonly precisionOfHolds: number;
  readonly moneyLostMinor: number;
  readonly broken: readonly string[];
};

const NONE = (): Counts => ({
  people: 0,
  honest: 0,
  family: 0,
  grey: 0,
  cheats: 0,
  cheatsWithoutSignal: 0,
  honestBlocked: 0,
  honestHeldCount: 0,
  unrelatedHeld: 0,
  honestPaidCount: 0,
  cheatsHeld: 0,
  missedByScreen: 0,
  missedByReviewer: 0,
  withoutSignalPaid: 0,
  paid: 0,
});

/** Counts the outcomes of a population, or of several. Couples who are grey are in no share. */
export function tally(outcomes: readonly Outcome[]): Tally {
  const all: Tally = { counts: NONE(), rules: {}, kinds: {} };
  for (const outcome of outcomes) {
    count(all.counts, outcome);
    countRules(all.rules, outcome);
    countKind(all.kinds, outcome);
  }
  return all;
}

/**
 * Says what the counts mean.
 *
 * @param isOne it is one population of several: three standard errors of its size are allowed on top of each limit
 */
export function judged({ counts }: Tally, isOne = false): Judged {
  const paidCheats = counts.missedByScreen + counts.missedByReviewer;
  const seen = {
    honestBlocked: counts.honestBlocked,
    honestHeldOfUnrelated: share(counts.unrelatedHeld, counts.honest - counts.family),
    honestHeld: share(counts.honestHeldCount, counts.honest),
    honestPaid: share(counts.honestPaidCount, counts.honest),
    fraudOfPaid: share(paidCheats, counts.paid),
    fraudPaid: share(paidCheats, counts.cheats),
  };
  const over = LIMIT_NAMES.filter(
    (name) =>
      seen[name] >
      LIMITS[name] + (isOne ? allowance(LIMITS[name], name === "fraudPaid" ? counts.cheats : counts.honest) : 0),
  );
  return {
    ...seen,
    missedByScreenShare: share(counts.missedByScreen, counts.cheats),
    missedByReviewerShare: share(counts.missedByReviewer, counts.cheats),
    withoutSignalPaid: share(counts.withoutSignalPaid, counts.cheatsWithoutSignal),
    precisionOfHolds: share(counts.cheatsHeld, counts.cheatsHeld + counts.honestHeldCount),
    moneyLostMinor: (paidCheats + counts.withoutSignalPaid) * REWARD_MINOR * SIDES,
    broken: seen.honestPaid < HONEST_PAID_LEAST ? [...over, "honestPaid"] : over,
  };
}

function count(counts: Counts, { attempt, end, wasHeld }: Outcome): void {
  const { label, signals, isFamily } = attempt.truth;
  const one = (is: boolean): number => (is ? 1 : 0);
  const isPaid = end === "paid";
  const [isHonest, isCheat] = [label === "honest", label === "cheat"];
  const hasSignal = isCheat && signals > 0;
  counts.people += 1;
  counts.paid += one(isPaid);
  counts.grey += one(label === "grey");
  counts.honest += one(isHonest);
  counts.family += one(isHonest && isFamily);
  counts.honestBlocked += one(isHonest && end === "blocked");
  counts.honestHeldCount += one(isHonest && wasHeld);
  counts.unrelatedHeld += one(isHonest && wasHeld && !isFamily);
  counts.honestPaidCount += one(isHonest && isPaid);
  counts.cheats += one(hasSignal);
  counts.cheatsWithoutSignal += one(isCheat && !hasSignal);
  counts.cheatsHeld += one(isCheat && wasHeld);
  counts.missedByScreen += one(hasSignal && isPaid && !wasHeld);
  counts.missedByReviewer += one(hasSignal && isPaid && wasHeld);
  counts.withoutSignalPaid += one(isCheat && !hasSignal && isPaid);
}

function countRules(rules: Table, { attempt, rules: fired }: Outcome): void {
  const column = attempt.truth.label === "cheat" ? "catches" : "falseHolds";
  if (attempt.truth.label === "grey") return;
  for (const { id } of fired) {
    const row = (rules[id] ??= { catches: 0, falseHolds: 0 });
    row[column] = (row[column] ?? 0) + 1;
  }
}

function countKind(kinds: Table, { attempt, end, wasHeld }: Outcome): void {
  const { label, kind, signals } = attempt.truth;
  const name = `${label} ${kind}${label === "cheat" && signals === 0 ? ", unrelated" : ""}`;
  const row = (kinds[name] ??= { people: 0, held: 0, blocked: 0, paid: 0 });
  row["people"] = (row["people"] ?? 0) + 1;
  if (wasHeld) row["held"] = (row["held"] ?? 0) + 1;
  if (end !== "refused") row[end] = (row[end] ?? 0) + 1;
}

/** Adds tallies up. */
export function added(tallies: readonly Tally[]): Tally {
  const sum: Tally = { counts: NONE(), rules: {}, kinds: {} };
  for (const one of tallies) {
    for (const name of COUNTS) sum.counts[name] += one.counts[name];
    addTable(sum.rules, one.rules);
    addTable(sum.kinds, one.kinds);
  }
  return sum;
}

function addTable(into: Table, more: Table): void {
  for (const [name, row] of Object.entries(more)) {
    const sum = (into[name] ??= {});
    for (const [column, value] of Object.entries(row)) sum[column] = (sum[column] ?? 0) + value;
  }
}

/** What chance alone may add to a share that is exactly at its limit. */
function allowance(limit: number, people: number): number {
  return 3 * Math.sqrt((limit * (1 - limit)) / Math.max(1, people));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100_000) / 100_000;
}
