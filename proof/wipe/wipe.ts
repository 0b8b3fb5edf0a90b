import { setTimeout as sleep } from "node:timers/promises";
import { witness } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import { control, settle } from "../journey/http.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { isRedisHere } from "../lib/redis-here.ts";
import { createRandom } from "../lib/random.ts";
import type { Random } from "../lib/random.ts";
import { COOLING_OFF_OVER, settleBacklog, settlePayouts } from "../lib/settle-world.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed } from "../lib/test-bed.ts";
import { createCalls } from "../load/calls.ts";
import { openShops } from "../load/shops.ts";
import { buyAll, playUntilBound } from "../load/wave.ts";
import { judgeWorld } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import type { Observer } from "../oracle/observer.ts";
import { bellsInPostgres, bellsOnRedis } from "../queue/bells.ts";
import type { Bells } from "../queue/bells.ts";

/** Rows whose run was cut off come back soon, on the simulated clock. */
const JOB_LEASE_MS = "2000";
const SHOPS = 4;
const SHOPS_SHORT = 2;
const FRIENDS_PER_SHOP = 3;
const LOOKS_MAX = 200;
const LOOK_MS = 25;
/** Wipes while rewards are being paid, each after a random pause. */
const WIPES_AT_WORK = 8;
const PAUSE_MS = { min: 20, max: 200 };

/** One way to lose the queue, and what was in it. */
type Wiped = {
  readonly way: string;
  /** Rows that were acknowledged, and not begun, when the queue was wiped. */
  readonly rowsWaiting: number;
  /** Bells that were wiped between acknowledgement and work. */
  readonly bells: number;
  /** Bells that were wiped while rewards were being paid. */
  readonly bellsAtWork: number;
  readonly referrals: number;
  readonly paidOnce: number;
  readonly lost: number;
  readonly doubled: number;
  readonly checkRows: number;
  readonly findings: readonly string[];
};

type Way = { readonly name: string; readonly bells: (bed: TestBed, observer: Observer) => Bells };

const ON_POSTGRES: readonly Way[] = [
  { name: "postgres_emptied", bells: (_bed, observer) => bellsInPostgres(observer, { drop: false }) },
  { name: "postgres_dropped", bells: (_bed, observer) => bellsInPostgres(observer, { drop: true }) },
];

const ON_REDIS: readonly Way[] = [
  { name: "redis_flushed", bells: (bed) => bellsOnRedis(String(bed.redisUrl)) },
  {
    name: "redis_killed",
    bells: (bed) =>
      bellsOnRedis(String(bed.redisUrl), async () => {
        await bed.kill("redis");
        await bed.restart("redis");
      }),
  },
];

/** The queue lost between acknowledgement and work: it held bells, and no work, so everybody is still paid once. */
export const wipe: Proof = {
  name: "wipe",
  about: "the queue emptied, dropped, flushed and killed between acknowledgement and work",
  // A queue that was empty was not lost.
  least: { referrals: 6, bellsLeast: 1, rowsWaitingLeast: 1 },
  async run(options) {
    const hasRedis = isRedisHere(options);
    const plans = [{ redis: false, ways: ON_POSTGRES }, ...(hasRedis ? [{ redis: true, ways: ON_REDIS }] : [])];
    // Beds of their own: the one works while the other waits.
    const wiped = await Promise.all(plans.map((plan) => onBed(options, plan)));
    return reportOn(wiped.flat(), hasRedis);
  },
};

async function onBed(options: ProofOptions, plan: { redis: boolean; ways: readonly Way[] }): Promise<Wiped[]> {
  const bedOptions = {
    name: "wipe",
    firstPort: options.firstPort,
    redis: plan.redis,
    appEnv: { JOB_LEASE_MS },
    say: options.say,
  };
  return withTestBed(bedOptions, async (bed) => {
    const observer = createObserver(bed.databaseUrl);
    const random = createRandom(options.seed);
    const wiped: Wiped[] = [];
    try {
      for (const way of plan.ways) {
        const shops = await openShops(bed.target, options.short ? SHOPS_SHORT : SHOPS, way.name.replace("_", "-"));
        const done = await lose({ bed, observer, shops, random, bells: way.bells(bed, observer) }, way.name);
        for (const finding of done.findings) options.say(`  ✗ ${finding}`);
        options.say(
          `  ${way.name}: ${done.bells} bells and ${done.rowsWaiting} rows waiting, ${done.bellsAtWork} bells at work; paid once ${done.paidOnce} of ${done.referrals}`,
        );
        wiped.push(done);
      }
    } finally {
      await observer.close();
    }
    return wiped;
  });
}

type World = { bed: TestBed; observer: Observer; shops: readonly Shop[]; random: Random; bells: Bells };

async function lose(world: World, way: string): Promise<Wiped> {
  const { bed, observer, shops, random, bells } = world;
  const { target } = bed;
  try {
    const { friends } = await playUntilBound({
      target,
      shops,
      friendsPerShop: FRIENDS_PER_SHOP,
      firstPerson: 1,
      calls: createCalls(),
      random,
    });
    await settle(target);
    await bed.stopWorker();
    const orders = await buyAll(friends, random);
    await untilAcknowledged(shops);
    await until(async () => (await bells.count()) > 0);
    const rowsWaiting = await observer.waitingRows();
    const wipedBells = await bells.wipe();
    await bed.restart("worker");
    await settleBacklog(target);
    await control(target, "POST", "clock", { advance: COOLING_OFF_OVER });
    const bellsAtWork = await wipeAtWork(world);
    await settleBacklog(target);
    await settlePayouts(target);
    const judgement = await judgeWorld({ observer, shops, orders });
    return { way, rowsWaiting, bells: wipedBells, bellsAtWork, referrals: orders.length, ...judgement };
  } finally {
    await bells.close();
  }
}

async function wipeAtWork({ random, bells }: World): Promise<number> {
  let wiped = 0;
  for (let times = 0; times < WIPES_AT_WORK; times += 1) {
    await sleep(random.int(PAUSE_MS.min, PAUSE_MS.max));
    wiped += await bells.wipe();
  }
  return wiped;
}

/** Waits until Shopify has a 200 for every delivery: from then on it will not come again. */
async function untilAcknowledged(shops: readonly Shop[]): Promise<void> {
  await until(async () => {
    const seen = await Promise.all(shops.map(witness));
    return seen.every(({ deliveries }) => deliveries.every((delivery) => delivery["status"] === "delivered"));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if (await isSo()) return;
    await sleep(LOOK_MS);
  }
}

function reportOn(wiped: readonly Wiped[], hasRedis: boolean): ProofReport {
  const sum = (of: "referrals" | "lost" | "doubled" | "checkRows" | "paidOnce"): number =>
    wiped.reduce((all, one) => all + one[of], 0);
  return {
    attempted: sum("referrals"),
    violations: sum("lost") + sum("doubled") + sum("checkRows"),
    inconclusive: 0,
    bellsLeast: Math.min(...wiped.map(({ bells }) => bells)),
    rowsWaitingLeast: Math.min(...wiped.map(({ rowsWaiting }) => rowsWaiting)),
    lost: sum("lost"),
    doubled: sum("doubled"),
    checkRows: sum("checkRows"),
    referrals: sum("referrals"),
    paidOnce: sum("paidOnce"),
    redis: hasRedis ? "played" : "not installed",
    ways: wiped.map(({ findings: _findings, ...one }) => one),
    findings: wiped.flatMap(({ findings }) => findings),
  };
}
