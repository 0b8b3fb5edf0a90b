import type { Shop } from "../journey/actors.ts";
import { countFlag, UsageError } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { isRedisHere } from "../lib/redis-here.ts";
import { createRandom } from "../lib/random.ts";
import { settlePayouts, settleRetries } from "../lib/settle-world.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { Part, TestBed } from "../lib/test-bed.ts";
import { findRedisServer, REDIS_HOWTO } from "../../scripts/lib/redis.ts";
import { createCalls } from "../load/calls.ts";
import { openShops } from "../load/shops.ts";
import type { PaidOrder } from "../load/wave.ts";
import { readDeliveries } from "../oracle/acknowledged.ts";
import { judgeWorld } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import type { Observer } from "../oracle/observer.ts";
import { bellsInPostgres, bellsOnRedis } from "../queue/bells.ts";
import { playControl } from "./control.ts";
import { startLoad } from "./load.ts";
import { inFlightOf, strike } from "./strike.ts";
import type { Strike, StrikeDeps } from "./strike.ts";

const KILLS = 40;
/** Many shops with few friends each: the rewards of one shop are issued one after the other. */
const SHOPS = 12;
const SHOPS_SHORT = 6;
/** A killed process keeps its rows for so long, on the simulated clock. */
const LEASE_MS = 2_000;
/** Kills that met nothing in flight are made again, up to so many for each that is wanted. */
const TRIES_PER_KILL = 3;
const PARTS: readonly Part[] = ["worker", "web", "redis", "postgres"];

/** kill -9 at random instants under load: nothing acknowledged is lost, and nobody is paid twice. */
export const crash: Proof = {
  name: "crash",
  about: "kill -9 of worker, web, Redis or PostgreSQL under load: --kills N, --target worker|web|redis|postgres|all",
  least: { kills: 1, inFlightLeast: 1, referrals: 20, acknowledged: 20, entries: 80 },
  leastFull: { controlLost: 1 },
  async run(options) {
    const parts = partsOf(options);
    const kills = countFlag(options, "kills", options.short ? parts.length : KILLS);
    const redis = parts.includes("redis");
    if (redis && findRedisServer() === null) throw new UsageError(`this target needs Redis; ${REDIS_HOWTO}`);
    const bedOptions = {
      name: "crash",
      firstPort: options.firstPort,
      redis,
      appEnv: { JOB_LEASE_MS: String(LEASE_MS) },
      say: options.say,
    };
    const report = await withTestBed(bedOptions, (bed) => crashThis(bed, options, { parts, kills }));
    if (!options.short) return { ...report, ...(await playControl(bedOptions, options)) };
    options.say("  the control, a database that may lose what it has acknowledged, is left out of the short form");
    return report;
  },
};

function partsOf(options: ProofOptions): readonly Part[] {
  const typed = options.flags["target"] ?? "all";
  if (typed === "all") return !isRedisHere(options) ? PARTS.filter((part) => part !== "redis") : PARTS;
  const part = PARTS.find((one) => one === typed);
  if (part === undefined) throw new UsageError(`--target ${typed} is none of ${PARTS.join(", ")}, all`);
  return [part];
}

async function crashThis(
  bed: TestBed,
  options: ProofOptions,
  plan: { parts: readonly Part[]; kills: number },
): Promise<ProofReport> {
  const { say, seed } = options;
  const observer = createObserver(bed.databaseUrl);
  const bells = bed.redisUrl === null ? bellsInPostgres(observer, { drop: false }) : bellsOnRedis(bed.redisUrl);
  const calls = createCalls();
  try {
    const shops = await openShops(bed.target, options.short ? SHOPS_SHORT : SHOPS, "crash");
    const load = startLoad({ bed, shops, calls, seed, observer });
    const strikes = await strikeAll(
      { bed, observer, bells, calls, random: createRandom(seed + 1), leaseMs: LEASE_MS },
      { ...plan, say, hasFailed: () => load.hasFailed() },
    );
    say("the kills are over; the load comes to its end …");
    const orders = await load.stop();
    await settleRetries(bed.target);
    await settlePayouts(bed.target);
    return await reportOn({ observer, shops, orders, strikes, wanted: plan.kills, cutCalls: calls.failed(), say });
  } finally {
    await bells.close();
    await observer.close();
  }
}

async function strikeAll(
  deps: StrikeDeps,
  plan: { parts: readonly Part[]; kills: number; say: (line: string) => void; hasFailed: () => boolean },
): Promise<Strike[]> {
  const strikes: Strike[] = [];
  const met = (): number => strikes.filter((one) => inFlightOf(one) > 0).length;
  while (met() < plan.kills && strikes.length < plan.kills * TRIES_PER_KILL && !plan.hasFailed()) {
    // By what was met: a kill that met nothing is made again on the same part.
    const part = plan.parts[met() % plan.parts.length] ?? "worker";
    const done = await strike(deps, part);
    strikes.push(done);
    plan.say(`  kill ${strikes.length}: ${describe(done)}`);
  }
  return strikes;
}

function describe(done: Strike): string {
  const { part, requests, rows, bells, statements, awayMs } = done;
  return `${part}, in flight: ${requests} requests, ${rows} rows, ${bells} bells, ${statements} statements; back after ${awayMs} ms`;
}

async function reportOn(end: {
  observer: Observer;
  shops: readonly Shop[];
  orders: readonly PaidOrder[];
  strikes: readonly Strike[];
  wanted: number;
  cutCalls: number;
  say: (line: string) => void;
}): Promise<ProofReport> {
  const { observer, shops, orders, strikes, say } = end;
  const judgement = await judgeWorld({ observer, shops, orders });
  const deliveries = await readDeliveries({ observer, shops });
  for (const finding of [...judgement.findings, ...deliveries.lost]) say(`  ✗ ${finding}`);
  const counted = strikes.filter((one) => inFlightOf(one) > 0);
  const missing = end.wanted - counted.length;
  const away = strikes.map(({ awayMs }) => awayMs).toSorted((a, b) => a - b);
  return {
    attempted: orders.length,
    violations: judgement.lost + deliveries.lost.length + judgement.doubled + judgement.checkRows,
    inconclusive: missing,
    lost: judgement.lost + deliveries.lost.length,
    acknowledged: deliveries.acknowledged,
    doubled: judgement.doubled,
    checkRows: judgement.checkRows,
    entries: judgement.entries,
    referrals: orders.length,
    paidOnce: judgement.paidOnce,
    kills: counted.length,
    emptyKills: strikes.length - counted.length,
    inFlight: counted.map(inFlightOf),
    inFlightLeast: Math.min(...counted.map(inFlightOf)),
    inFlightAt: counted.map(({ part, requests, rows, bells, statements }) => ({
      part,
      requests,
      rows,
      bells,
      statements,
    })),
    callsCut: end.cutCalls,
    awayMsMax: away.at(-1) ?? 0,
    findings: judgement.findings,
  };
}
