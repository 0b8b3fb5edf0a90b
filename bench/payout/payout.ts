import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPools } from "#app/data/pools.ts";
import { payOut } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { createRandom } from "#proof/lib/random.ts";
import type { Random } from "#proof/lib/random.ts";
import { atLeastTimes, belowOrBaseline, countFlag, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { startDatabase } from "../lib/doors.ts";
import { DUE, growReferrals } from "../lib/referrals.ts";
import type { GrownShop } from "../lib/referrals.ts";
import { median, percentile } from "../lib/stats.ts";
import { limitByLoop, pacedByLoop } from "./bare-loop.ts";
import { findPgbench, limitByPgbench, pacedByPgbench } from "./pgbench.ts";

const HOME = join(import.meta.dirname, "..", "..", ".demo");
/** Referrals that are there before, and stay. */
const HISTORY = 2_000;
const PAID_A_RUN = 1_200;
const CLIENTS = 10;
const LEAST_OF_LIMIT = 0.6;
const PACED_PER_SECOND = 200;
/** Long enough that plans that are made once, by each of pgbench's clients in every run, are no hundredth of it. */
const PACED_A_RUN = PACED_PER_SECOND * 10;
/** What a published referral engine answers in, its commits not waiting for the disk; ours do (ADR 0049). */
const P99_MS_MAX = 4.2;

/** What both contestants are given: so many referrals of their own, and where these begin. */
export type PayoutRun = {
  readonly shop: GrownShop;
  readonly first: number;
  readonly count: number;
  readonly clients: number;
};

/** Distinct eligible referrals, paid by the real statement under row-level security, beside the database alone. */
export const payout: Bench = {
  name: "payout",
  about: "distinct eligible referrals paid as gw_app; beside the same transaction in pgbench on the same database",
  async run(options) {
    const home = join(HOME, `bench-payout-${options.firstPort}`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    const postgres = await startDatabase(home, options.firstPort);
    try {
      // Two runs of each a round, and a round more that does not count.
      const spare = (options.rounds + 1) * 2 * (PAID_A_RUN + PACED_A_RUN);
      const shop = await growReferrals(postgres.databaseUrl, {
        referrals: countFlag(options, "referrals", HISTORY),
        spare,
        say: options.say,
      });
      return await measure(postgres.databaseUrl, shop, options, home);
    } finally {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

async function measure(
  databaseUrl: string,
  shop: GrownShop,
  options: BenchOptions,
  home: string,
): Promise<BenchResult[]> {
  const pgbench = findPgbench();
  const limitName =
    pgbench === null
      ? "a bare protocol loop (pgbench is not installed)"
      : execFileSync(pgbench, ["--version"], { encoding: "utf8" }).trim();
  options.say(`beside ${limitName}`);
  const limitOf = (run: PayoutRun): Promise<number> =>
    pgbench === null ? limitByLoop(databaseUrl, run) : limitByPgbench({ pgbench, databaseUrl, home, run });
  const pacedLimitOf = (run: PayoutRun): Promise<number[]> =>
    pgbench === null
      ? pacedByLoop(databaseUrl, run, dueTimes(run.count, random))
      : pacedByPgbench({ pgbench, databaseUrl, home, run, perSecond: PACED_PER_SECOND });
  const pools = createPools({ databaseUrl, connectionsMax: CLIENTS });
  const random = createRandom(options.seed);
  const rounds: Round[] = [];
  let first = 0;
  const next = (count: number): PayoutRun => {
    const run = { shop, first, count, clients: CLIENTS };
    first += count;
    return run;
  };
  try {
    for (let round = 0; round <= options.rounds; round += 1) {
      const [paid, limit] = await inTurns(
        round,
        () => payAll(pools, next(PAID_A_RUN)),
        () => limitOf(next(PAID_A_RUN)),
      );
      const [times, limitTimes] = await inTurns(
        round,
        () => payPaced(pools, next(PACED_A_RUN), dueTimes(PACED_A_RUN, random)),
        () => pacedLimitOf(next(PACED_A_RUN)),
      );
      const seen = { paid, limit, times, limitTimes };
      const isCounted = round > 0;
      options.say(
        `  round ${round}: ${Math.round(seen.paid)}/s beside ${Math.round(seen.limit)}/s; p99 at a pace ${percentile(seen.times, 0.99).toFixed(1)} ms beside ${percentile(seen.limitTimes, 0.99).toFixed(1)} ms${isCounted ? "" : " (does not count)"}`,
      );
      if (isCounted) rounds.push(seen);
    }
  } finally {
    await pools.end();
  }
  return resultsOf(rounds);
}

/** Runs both, each first in every other round: what one leaves for the disk to do, the next has to wait for. */
async function inTurns<Ours, Theirs>(
  round: number,
  ours: () => Promise<Ours>,
  theirs: () => Promise<Theirs>,
): Promise<[Ours, Theirs]> {
  if (round % 2 === 0) return [await ours(), await theirs()];
  const limit = await theirs();
  return [await ours(), limit];
}

/** When so many payouts are due, in ms: by chance, at a rate, as pgbench has them. */
function dueTimes(count: number, random: Random): number[] {
  let dueMs = 0;
  return Array.from({ length: count }, () => (dueMs += (-Math.log(1 - random.next()) * 1_000) / PACED_PER_SECOND));
}

/** `times`, `limitTimes`: ms of each payout since it was due, ours and the database's alone. */
type Round = {
  readonly paid: number;
  readonly limit: number;
  readonly times: readonly number[];
  readonly limitTimes: readonly number[];
};

function resultsOf(rounds: readonly Round[]): BenchResult[] {
  const middle = (of: (round: Round) => number): number => median(rounds.map(of));
  const p99 = middle(({ times }) => percentile(times, 0.99));
  const limitP99 = middle(({ limitTimes }) => percentile(limitTimes, 0.99));
  return [
    atLeastTimes(
      { name: "payouts", value: middle(({ paid }) => paid), unit: "/s", baseline: middle(({ limit }) => limit) },
      LEAST_OF_LIMIT,
    ),
    belowOrBaseline({ name: `p99 at ${PACED_PER_SECOND}/s`, value: p99, unit: "ms", baseline: limitP99 }, P99_MS_MAX),
    told({ name: `p50 at ${PACED_PER_SECOND}/s`, value: middle(({ times }) => percentile(times, 0.5)), unit: "ms" }),
  ];
}

type Pools = ReturnType<typeof createPools>;

async function payOne(pools: Pools, shop: GrownShop, n: number): Promise<void> {
  const state = await inShop(pools, shop.shopId, (tx) =>
    payOut(tx, { shopId: shop.shopId, referralId: shop.referralId(n), now: DUE }),
  );
  if (state !== "REWARDED") throw new Error(`referral ${n} was not paid but is ${state ?? "not payable"}`);
}

/** @returns payouts a second */
async function payAll(pools: Pools, { shop, first, count, clients }: PayoutRun): Promise<number> {
  const share = count / clients;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let turn = 0; turn < share; turn += 1) await payOne(pools, shop, first + client * share + turn);
    }),
  );
  return count / ((performance.now() - startedAt) / 1_000);
}

/** Pays what is due, whatever the answers take. @returns ms of each since it was due, so that a disk that stalls delays all that come meanwhile */
async function payPaced(pools: Pools, { shop, first }: PayoutRun, dueMs: readonly number[]): Promise<number[]> {
  const times: number[] = [];
  const startedAt = performance.now();
  const underWay: Promise<void>[] = [];
  for (const [index, sinceStartMs] of dueMs.entries()) {
    const dueAt = startedAt + sinceStartMs;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    underWay.push(payOne(pools, shop, first + index).then(() => void times.push(performance.now() - dueAt)));
  }
  await Promise.all(underWay);
  return times;
}
