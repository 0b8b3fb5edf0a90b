import { keepClickPartitions } from "../../app/data/keep-click-partitions.ts";
import { createPools } from "../../app/data/pools.ts";
import { newId } from "../../app/platform/ids.ts";
import { createMetrics } from "../../app/platform/metrics.ts";
import { NOON } from "../../test/builders/domain.ts";
import { cloneDatabase, startTestCluster } from "../../test/harness/cluster.ts";
import { countFlag } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import { createObserver } from "../oracle/observer.ts";
import { auditShops } from "../oracle/read-books.ts";
import type { BooksAudit } from "../oracle/read-books.ts";
import { play } from "./play.ts";
import type { Played, Stage } from "./play.ts";
import { shrink } from "./shrink.ts";
import { tellStory } from "./story.ts";
import type { Story } from "./story.ts";

const SEQUENCES = 500;
const SEQUENCES_SHORT = 40;
const CONNECTIONS_MAX = 24;
const AT_ONCE = 8;
/** Rewarded stories that are played again with an app that never hears of the payment. */
const CONTROLS = 3;
/** Failing stories that are made small before they are shown. */
const SHRUNK_MAX = 3;
const SAY_EVERY = 100;

type Told = { readonly story: Story; readonly played: Played | null; readonly differences: readonly string[] };

/** Random sequences of everything that happens to a referral, out of order and up to 26 hours late, against a small model. */
export const reorder: Proof = {
  name: "reorder",
  about:
    "random sequences, out of order and late, compared with a model: --sequences N; one alone: --sequences 1 --seed S",
  least: { sequences: 1, rewarded: 1, messages: 1, outcomes: 1, entries: 4 },
  async run(options) {
    const count = countFlag(options, "sequences", options.short ? SEQUENCES_SHORT : SEQUENCES);
    options.say("  starting PostgreSQL …");
    const cluster = await startTestCluster();
    try {
      const databaseUrl = await cloneDatabase(cluster.templateUrl, `reorder_${newId().replaceAll("-", "")}`);
      await keepClickPartitions(databaseUrl, new Date(NOON));
      const pools = createPools({ databaseUrl, connectionsMax: CONNECTIONS_MAX });
      try {
        return await reorderOn({ pools, databaseUrl, metrics: createMetrics() }, options, count);
      } finally {
        await pools.end();
      }
    } finally {
      await cluster.stop();
    }
  },
};

async function reorderOn(stage: Stage, options: ProofOptions, count: number): Promise<ProofReport> {
  const { seed, say } = options;
  const all: Told[] = [];
  const seeds = Array.from({ length: count }, (_, index) => seed + index).values();
  await atOnce(seeds, async (one) => {
    all.push(await tell(stage, tellStory(one, createRandom(one))));
    if (all.length % SAY_EVERY === 0) say(`  ${all.length} of ${count}`);
  });
  const failed = all.filter(({ differences }) => differences.length > 0);
  for (const one of failed.slice(0, SHRUNK_MAX)) {
    const fails = async (story: Story): Promise<boolean> => (await tell(stage, story)).differences.length > 0;
    say(`  ✗ seed ${one.story.seed}: ${one.differences.join("; ")}`);
    say(`    ${JSON.stringify(await shrink(one.story, fails))}`);
  }
  const { checks, books } = await checksOf(stage);
  for (const finding of [...checks.map((view) => `${view} has rows`), ...books.findings]) say(`  ✗ ${finding}`);
  const controls = await playControls(stage, all);
  return reportOn({ all, failed, checks, books, controls });
}

async function tell(stage: Stage, story: Story): Promise<Told> {
  try {
    const played = await play(stage, story);
    return { story, played, differences: played.differences };
  } catch (error) {
    return {
      story,
      played: null,
      differences: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    };
  }
}

/** An app that is never told of a payment must not be found to agree. */
async function playControls(stage: Stage, all: readonly Told[]): Promise<{ tried: number; seen: number }> {
  const paid = all.filter(({ played }) => played?.seen.some(isRewarded) === true).slice(0, CONTROLS);
  let seen = 0;
  for (const { story } of paid) if ((await play(stage, story, "orders/paid")).differences.length > 0) seen += 1;
  return { tried: paid.length, seen };
}

function isRewarded({ state }: { readonly state: string }): boolean {
  return state === "REWARDED";
}

/** The other oracles: the views that find what must never be, and the books added up anew, over all shops. */
async function checksOf(stage: Stage): Promise<{ checks: string[]; books: BooksAudit }> {
  const observer = createObserver(stage.databaseUrl);
  try {
    const found = await observer.checks(new Date(NOON));
    const checks = Object.entries(found).flatMap(([view, rows]) => (rows > 0 ? [view] : []));
    const shops = await observer.query("SELECT domain FROM shops");
    const books = await auditShops(
      observer,
      shops.map(({ domain }) => String(domain)),
    );
    return { checks, books };
  } finally {
    await observer.close();
  }
}

function reportOn(end: {
  all: readonly Told[];
  failed: readonly Told[];
  checks: readonly string[];
  books: BooksAudit;
  controls: { tried: number; seen: number };
}): ProofReport {
  const { all, failed, checks, books, controls } = end;
  const played = all.flatMap((one) => one.played ?? []);
  const referrals = played.flatMap(({ seen }) => seen);
  const outcomes: Record<string, number> = {};
  for (const { state, reason } of referrals) {
    const outcome = [state, reason].filter((word) => word !== null).join(" ");
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const sum = (of: "messages" | "overtaken"): number => played.reduce((total, one) => total + one[of], 0);
  return {
    attempted: all.length,
    violations: failed.length + checks.length + books.findings.length,
    inconclusive: controls.tried - controls.seen,
    sequences: played.length,
    stuck: played.filter(({ stuck }) => stuck).length,
    messages: sum("messages"),
    overtaken: sum("overtaken"),
    referrals: referrals.length,
    rewarded: referrals.filter(isRewarded).length,
    entries: books.entries,
    outcomes: Object.keys(outcomes).length,
    controls: controls.seen,
    ended: outcomes,
    failingSeeds: failed.map(({ story }) => story.seed),
    checks,
  };
}

async function atOnce<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const runners = Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  });
  await Promise.all(runners);
}
