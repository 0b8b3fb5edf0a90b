import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuSecondsOf } from "../../bench/lib/cpu.ts";
import { callApp, control, expectThat, settle } from "../journey/http.ts";
import type { Shop } from "../journey/actors.ts";
import { countFlag } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { findRedisServer } from "../../scripts/lib/redis.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed } from "../lib/test-bed.ts";
import { COOLING_OFF_OVER } from "../lib/settle-world.ts";
import type { PaidOrder } from "../load/wave.ts";
import { judgeWorld, simulatedNow } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import type { Observer } from "../oracle/observer.ts";
import { createDays } from "./people.ts";

const REFERRALS = 3_000;
const REFERRALS_SHORT = 80;
const COPIES = 3;
const SHOPS = 50;
const SHOPS_SHORT = 5;
/** Friends of one shop that come on one day; the next day begins when their orders are worked on. */
const FRIENDS_PER_DAY = 200;
/** A referrer brings friends for some days. Two days' friends on one link are still fewer than the screen looks at. */
const DAYS_PER_LINK = 5;
/** Each copy above the usual three is a hard storm: then half of them come under webhook ids of their own. */
const FRESH_SHARE = { usual: 0.34, hard: 0.5 } as const;
/** A shop with thousands of referrals is on the plan with the largest bucket. */
const PLUS_BUCKET = { maximumAvailable: 20_000, restoreRate: 1_000 };
/** Looks pause at least so long, and longer where they are dear: what is looked at needs the cores itself. */
const IDLE_LOOK_MS = 100;
const PAUSE_PER_LOOK = 20;
const IDLE_WAIT_MAX_MS = 3_600_000;
/** What an operator gives a database of several gigabytes; it stays durable. */
const LARGE_DATABASE = { shared_buffers: "1GB", max_wal_size: "4GB" };
/** Nothing in this many trials: the rate is below 3/N, with 95 % certainty. */
const RULE_OF_THREE = 3;

/** Every delivery several times, at once and under ids of their own, over many shops with their rate limits on. */
export const storm: Proof = {
  name: "storm",
  about: "every delivery several times over many shops: --referrals N, --copies N",
  least: { referrals: 40, copies: 3, deliveries: 400, codes: 80, entries: 160 },
  async run(options) {
    const dataKey = randomBytes(32);
    const appEnv = { DATA_KEY: dataKey.toString("base64") };
    const bedOptions = {
      name: "storm",
      firstPort: options.firstPort,
      redis: findRedisServer() !== null,
      appEnv,
      ...(options.short ? {} : { postgresSettings: LARGE_DATABASE }),
      say: options.say,
    };
    return withTestBed(bedOptions, (bed) => rage(bed, options, dataKey));
  },
};

async function rage(bed: TestBed, options: ProofOptions, dataKey: Buffer): Promise<ProofReport> {
  const { say } = options;
  const referrals = countFlag(options, "referrals", options.short ? REFERRALS_SHORT : REFERRALS);
  const copies = countFlag(options, "copies", COPIES);
  const observer = createObserver(bed.databaseUrl);
  try {
    const shops = await openShops(bed, Math.min(referrals, options.short ? SHOPS_SHORT : SHOPS), copies);
    const days = createDays({ shops, dataKey });
    const orders: PaidOrder[] = [];
    const startedAt = performance.now();
    const cpuBefore = cpuOf(bed);
    const counts = friendsOfDays(Math.ceil(referrals / shops.length));
    let links = await days.takeLinks(counts[0] ?? 0);
    for (const [day, count] of counts.entries()) {
      orders.push(...(await days.play(count, links)));
      // While the day's orders are worked on, new referrers take the links for the next days.
      const next = (day + 1) % DAYS_PER_LINK === 0 ? days.takeLinks(counts[day + 1] ?? 0) : links;
      [links] = await Promise.all([next, untilIdle(bed, observer)]);
      await control(bed.target, "POST", "clock", { advance: "P1D" });
      say(`  ${orders.length} orders after ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    }
    const paidFrom = performance.now();
    for (const advance of [COOLING_OFF_OVER, "PT6H"]) {
      await control(bed.target, "POST", "clock", { advance });
      await untilIdle(bed, observer);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    say(`  paid after ${Math.round((performance.now() - paidFrom) / 1_000)} s`);
    return await reportOn({ bed, observer, shops, orders, copies, seconds, cpuBefore, say });
  } finally {
    await observer.close();
  }
}

/** How many friends of one shop come on each day. */
function friendsOfDays(friends: number): number[] {
  const days = Math.ceil(friends / FRIENDS_PER_DAY);
  return Array.from({ length: days }, (_, day) => Math.min(FRIENDS_PER_DAY, friends - day * FRIENDS_PER_DAY));
}

async function openShops({ target }: TestBed, count: number, copies: number): Promise<Shop[]> {
  const shops = Array.from({ length: count }, (_, index) => ({
    target,
    domain: `storm-${index + 1}.myshopify.com`,
    currency: "GBP",
  }));
  const freshIds = copies > COPIES ? FRESH_SHARE.hard : FRESH_SHARE.usual;
  for (const [index, { domain, currency }] of shops.entries()) {
    const settings = { currency, customerAccounts: "new", protectedFields: false, usageLimit: "code", install: true };
    await control(target, "POST", "shops", { shop: domain, name: domain, ...settings, bucket: PLUS_BUCKET });
    // The copies of every second shop come in one instant, those of the others in a random order.
    await control(target, "POST", "webhooks", { shop: domain, copies, freshIds, reorder: index % 2 === 0 });
  }
  await settle(target);
  for (const { domain } of shops) {
    const token = String((await control(target, "POST", `shops/${domain}/id-token`, {}))["token"]);
    const form = { terms: JSON.stringify({ friend: { when: "after_first_order" }, cap_30_days: null }) };
    const { status, body } = await callApp(target, { method: "POST", path: "/app/program", token, form });
    expectThat(status === 200, "the terms are saved", body);
  }
  return shops;
}

/** Waits until no delivery is on its way and no row is due. */
async function untilIdle({ target }: TestBed, observer: Observer): Promise<void> {
  const startedAt = performance.now();
  for (let now = startedAt; now - startedAt < IDLE_WAIT_MAX_MS; now = performance.now()) {
    if (!(await observer.isAnyDue(await simulatedNow(target)))) {
      const { settled } = await control(target, "GET", "settled?timeoutMs=0");
      if (settled === true) return;
    }
    await sleep(Math.max(IDLE_LOOK_MS, PAUSE_PER_LOOK * (performance.now() - now)));
  }
  throw new Error("the storm does not come to an end");
}

async function reportOn(end: {
  bed: TestBed;
  observer: Observer;
  shops: readonly Shop[];
  orders: readonly PaidOrder[];
  copies: number;
  seconds: number;
  cpuBefore: Readonly<Record<string, number>>;
  say: (line: string) => void;
}): Promise<ProofReport> {
  const { bed, observer, shops, orders, copies, seconds } = end;
  const judgement = await judgeWorld({ observer, shops, orders });
  for (const finding of judgement.findings) end.say(`  ✗ ${finding}`);
  const [counts] = await observer.query(
    `SELECT (SELECT count(*) FROM ledger_transfers WHERE kind = 2)::int AS posts,
            (SELECT count(*) FROM rewards WHERE status = 'issued')::int AS issued,
            (SELECT count(*) FROM inbox)::int AS "inboxRows"`,
  );
  const { byMs } = (await control(bed.target, "GET", "webhooks/acks")) as { byMs: number[] }; // the simulator's own answer
  const deliveries = byMs.reduce((sum, count) => sum + count, 0);
  const violations = judgement.lost + judgement.doubled + judgement.checkRows;
  return {
    attempted: orders.length,
    violations,
    inconclusive: 0,
    referrals: orders.length,
    copies,
    deliveries,
    paidOnce: judgement.paidOnce,
    lost: judgement.lost,
    doubled: judgement.doubled,
    checkRows: judgement.checkRows,
    codes: judgement.codes,
    entries: judgement.entries,
    ...counts,
    failureBound: violations === 0 ? RULE_OF_THREE / orders.length : null,
    exactlyOncePercent: violations === 0 ? 100 * (1 - RULE_OF_THREE / orders.length) : null,
    stormSeconds: Math.round(seconds),
    referralsPerSecond: Number((orders.length / seconds).toFixed(1)),
    deliveriesPerSecond: Math.round(deliveries / seconds),
    ackP99Ms: p99(byMs, deliveries),
    cpuMsPerReferral: cpuPerReferral(end),
    findings: judgement.findings,
  };
}

/** CPU seconds so far of every part, and of this process, which drives them. */
function cpuOf(bed: TestBed): Record<string, number> {
  const { user, system } = process.cpuUsage();
  const parts = Object.entries(bed.pids()).map(([name, pid]): [string, number] => [name, cpuSecondsOf([pid])]);
  return { ...Object.fromEntries(parts), driver: (user + system) / 1e6 };
}

function cpuPerReferral(end: {
  bed: TestBed;
  orders: readonly PaidOrder[];
  cpuBefore: Readonly<Record<string, number>>;
}): Record<string, number> {
  const used = Object.entries(cpuOf(end.bed)).map(([name, now]): [string, number] => {
    const seconds = now - (end.cpuBefore[name] ?? 0);
    return [name, Number(((seconds * 1_000) / end.orders.length).toFixed(1))];
  });
  return Object.fromEntries(used);
}

function p99(byMs: readonly number[], all: number): number {
  let seen = 0;
  return byMs.findIndex((count) => (seen += count) >= all * 0.99);
}
