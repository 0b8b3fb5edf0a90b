import { join } from "node:path";
import { mkdirSync, rmSync } from "node:fs";
import { createPools } from "#app/data/pools.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { ScreenFeatures } from "#app/domain/screen/features.ts";
import { screen as decide } from "#app/domain/screen/screen.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { referralById } from "#app/data/referrals.repo.ts";
import { NO_FEATURES } from "#app/domain/screen/features.ts";
import { NO_ORDER_EVIDENCE, NOBODY_SEEN } from "#app/usecases/gather-facts.ts";
import { screenReferral } from "#app/usecases/screen-referral.ts";
import { buildTerms } from "#test/builders/domain.ts";
import { atLeast, below, countFlag, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { startDatabase } from "../lib/doors.ts";
import { DUE, growReferrals } from "../lib/referrals.ts";
import type { GrownShop } from "../lib/referrals.ts";
import { median, percentile } from "../lib/stats.ts";

const HOME = join(import.meta.dirname, "..", "..", ".demo");
const REFERRALS = 100_000;
const DECISIONS_A_RUN = 300;
const PURE_LEAST = 10_000;
const P99_MS_MAX = 50;

/** Decisions of the screen: the rules alone, and with the queries that gather what they look at. */
export const screen: Bench = {
  name: "screen",
  about:
    "decisions with all evidence in memory, and with their queries (100,000 referrals in the history; --referrals N for another number)",
  async run(options) {
    const pure = pureRates(options);
    const home = join(HOME, `bench-screen-${options.firstPort}`);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    const postgres = await startDatabase(home, options.firstPort);
    const pools = createPools({ databaseUrl: postgres.databaseUrl });
    try {
      const referrals = countFlag(options, "referrals", REFERRALS);
      const shop = await growReferrals(postgres.databaseUrl, { referrals, spare: 0, say: options.say });
      const times = await withQueries(pools, shop, options);
      return [pure, ...queryResults(times, referrals)];
    } finally {
      await pools.end();
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

function queryResults(times: readonly number[], referrals: number): BenchResult[] {
  const name = (of: string): string => `${of} with queries, ${referrals} referrals`;
  return [
    below({ name: name("p99"), value: percentile(times, 0.99), unit: "ms" }, P99_MS_MAX),
    told({ name: name("p50"), value: percentile(times, 0.5), unit: "ms" }),
  ];
}

function pureRates(options: BenchOptions): BenchResult {
  const { screen: settings } = terms();
  const all: ScreenFeatures[] = [someFeatures(true), someFeatures(false), someFeatures(null)];
  const rates = Array.from({ length: options.rounds + 1 }, () => {
    const endsAt = performance.now() + 500;
    let decisions = 0;
    while (performance.now() < endsAt)
      for (const features of all) decisions += decide(features, settings).score >= 0 ? 1 : 0;
    return decisions / 0.5;
  });
  // The first run is the compiler's.
  return atLeast({ name: "decisions, evidence in memory", value: median(rates.slice(1)), unit: "/s" }, PURE_LEAST);
}

/** Half of them find something to say. */
function someFeatures(shared: boolean | null): ScreenFeatures {
  return {
    ...NO_FEATURES,
    sameAccount: false,
    sameEmail: false,
    samePhone: shared,
    sameCard: shared,
    sameDevice: shared,
    sameAddress: shared,
    sameNetwork: shared,
    boughtBefore: false,
    clickToOrderMs: 3_600_000,
    agentIsBot: false,
    riskRecommendation: "accept",
    evidenceMissing: false,
  };
}

/** Screens referrals one by one and commits each decision. @returns ms each */
async function withQueries(pools: Pools, shop: GrownShop, options: BenchOptions): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run <= options.rounds; run += 1) {
    for (let index = 0; index < DECISIONS_A_RUN; index += 1) {
      const referralId = shop.referralId((run * DECISIONS_A_RUN + index) % shop.referrals);
      const startedAt = performance.now();
      await inShop(pools, shop.shopId, async (tx) => {
        const referral = await referralById(tx, shop.shopId, referralId);
        if (referral === null) throw new Error("a referral that was grown is gone");
        await screenReferral(tx, {
          shopId: shop.shopId,
          referral,
          terms: terms(),
          phase: "open",
          order: NO_ORDER_EVIDENCE,
          seen: NOBODY_SEEN,
          now: DUE,
        });
      });
      if (run > 0) times.push(performance.now() - startedAt);
    }
  }
  return times;
}

function terms(): Terms {
  return buildTerms();
}
