import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { Redis } from "ioredis";
import type pg from "pg";
import type { Pools } from "#app/data/pools.ts";
import { OUTBOX_TOPICS } from "#app/data/outbox.repo.ts";
import type { OutboxTopic } from "#app/data/outbox.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import type { InboxHandler } from "#app/jobs/inbox-drain.ts";
import { createJobs } from "#app/jobs/jobs.ts";
import type { Jobs, JobsDeps } from "#app/jobs/jobs.ts";
import type { OutboxHandler } from "#app/jobs/outbox-drain.ts";
import { createRinger } from "#app/jobs/ringer.ts";
import type { Ringer } from "#app/jobs/ringer.ts";
import { startWorkers } from "#app/jobs/workers.ts";
import type { Workers } from "#app/jobs/workers.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { createQueues } from "#app/platform/queue.ts";
import type { Queues } from "#app/platform/queue.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { Backend } from "./backends.ts";
import { startRedis } from "./redis-server.ts";
import type { TestRedis } from "./redis-server.ts";

/** A process's worth of parts; a world may have several that share database and queue. */
export type Process = {
  readonly queues: Queues;
  readonly ringer: Ringer;
  readonly jobs: Jobs;
  work(sweepEveryMs?: number): Workers;
};

export type World = Process & {
  readonly pools: Pools;
  readonly owner: pg.Pool;
  readonly databaseUrl: string;
  readonly redis: TestRedis | null;
  /** The app's clock: real time plus what a test adds to it. */
  readonly clock: { now(): Date; skip(ms: number): void };
  process(deps?: Partial<JobsDeps>): Process;
  /** Stores a shop; the inbox does not need one. */
  shop(name: string): Promise<string>;
  inboxRow(row: { shopId: string; topic?: string; n?: number; facts?: unknown }): Promise<string>;
  outboxRow(row: { shopId: string; topic?: OutboxTopic; dedupeKey: string; nextAt?: Date }): Promise<string>;
  row(table: "inbox" | "outbox", id: string): Promise<{ state: string; attempts: number; next_at: Date | null }>;
  /** Forgets everything that the queue holds. */
  wipeQueue(): Promise<void>;
};

/** Long enough that no sweep happens within a test: what is done was done by a bell. */
export const NO_SWEEP_MS = 3_600_000;

export type WorldOptions = Partial<Omit<JobsDeps, "inboxHandlers" | "outboxHandlers">> & {
  inbox?: Record<string, InboxHandler>;
  outbox?: Partial<Record<OutboxTopic, OutboxHandler>>;
};

/** Builds a database, a queue and one process that has not started its workers. All of it ends with the test. */
export async function buildWorld(backend: Backend, options: WorldOptions = {}): Promise<World> {
  const database = await createTestDatabase();
  const { databaseUrl, pools, ownerPool: owner } = database;
  const redis = backend === "redis" ? await startRedis() : null;
  const logger = createLogger({ LOG_LEVEL: process.env["QUEUE_TEST_LOGS"] === "1" ? "debug" : "silent" });
  let skippedMs = 0;
  const clock = { now: () => new Date(Date.now() + skippedMs), skip: (ms: number) => void (skippedMs += ms) };
  const closers: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    redis?.thaw();
    for (const close of closers.reverse()) await close();
    await redis?.kill();
    await database.drop();
  });

  const { inbox = {}, outbox = {}, ...settings } = options;
  const base = {
    pools,
    clock,
    logger,
    random: () => 0.5,
    keepClickPartitions: () => Promise.resolve(),
    upkeep: () => Promise.resolve(),
    runChecks: () => Promise.resolve(0),
    inboxAtOnce: () => Promise.resolve(null),
    inboxTogether: () => Promise.resolve(new Map()),
    inboxHandlers: { "test/fine": () => Promise.resolve({ outcome: "done" } as const), ...inbox },
    outboxHandlers: { ...EVERY_TOPIC_DONE, ...outbox },
    outboxTogether: {},
    ...settings,
  };

  function makeProcess(deps: Partial<JobsDeps> = {}): Process {
    const env = { REDIS_CLUSTER: false, REDIS_URL: redis?.url };
    const queues = createQueues({ env, databaseUrl, logger });
    const ringer = deps.ringer ?? createRinger({ queues, logger, restFirstMs: 0 });
    const jobs = createJobs({ ...base, metrics: createMetrics(), ringer, ...deps });
    closers.push(() => queues.close());
    return {
      queues,
      ringer,
      jobs,
      work(sweepEveryMs = NO_SWEEP_MS) {
        const workers = startWorkers({ queues, jobs, logger, sweepEveryMs });
        closers.push(() => workers.close());
        return workers;
      },
    };
  }

  const first = makeProcess();
  await first.queues.opened();
  return {
    ...first,
    pools,
    owner,
    databaseUrl,
    redis,
    clock,
    process: makeProcess,
    async shop(name) {
      const domain = `${name}.myshopify.com`;
      const id = shopIdFor(domain);
      await owner.query("INSERT INTO shops (id, domain, identity_key_wrapped) VALUES ($1, $2, '\\x00')", [id, domain]);
      return id;
    },
    async inboxRow({ shopId, topic = "test/fine", n = 0, facts = { kind: "uninstalled", at: n } }) {
      const id = newId();
      await owner.query(
        `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, next_at, received_at) VALUES ($1, $2, $3, $4, '\\x00', $5, $6, $7)`,
        [shopId, id, topic, id, JSON.stringify(facts), clock.now(), new Date(n * 1_000)],
      );
      return id;
    },
    async outboxRow({ shopId, topic = "reward.fulfil", dedupeKey, nextAt = clock.now() }) {
      const id = newId();
      await owner.query("INSERT INTO outbox (shop_id, id, topic, dedupe_key, next_at) VALUES ($1, $2, $3, $4, $5)", [
        shopId,
        id,
        topic,
        dedupeKey,
        nextAt,
      ]);
      return id;
    },
    async row(table, id) {
      const { rows } = await owner.query(`SELECT state, attempts, next_at FROM ${table} WHERE id = $1`, [id]);
      return rows[0];
    },
    async wipeQueue() {
      if (redis !== null) return wipeRedis(redis);
      // Workers that run take their locks in an order of their own: a wipe that loses a deadlock is tried again.
      await retryRaces(() => owner.query(WIPE_BULLMQ));
    },
  };
}

const WIPE_BULLMQ = `DO $$ BEGIN EXECUTE (
  SELECT 'TRUNCATE ' || string_agg(format('bullmq.%I', tablename), ', ') || ' CASCADE' FROM pg_tables
   WHERE schemaname = 'bullmq' AND tablename <> 'migration'); END $$`;

// Object.fromEntries forgets which keys it was given.
const EVERY_TOPIC_DONE = Object.fromEntries(OUTBOX_TOPICS.map((topic) => [topic, done])) as unknown as Record<
  OutboxTopic,
  OutboxHandler
>;

function done(): Promise<{ outcome: "done" }> {
  return Promise.resolve({ outcome: "done" });
}

async function wipeRedis(redis: TestRedis): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}

/**
 * Waits for something to become true.
 *
 * @param timeoutMs How long at most; 10 s unless told.
 * @returns How long it took, in ms.
 */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<number> {
  const startedMs = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedMs > timeoutMs) throw new Error(`not in ${timeoutMs} ms: ${what}`);
    await sleep(10);
  }
  return performance.now() - startedMs;
}

/** A promise with its handle outside: a gate that a handler waits at until the test opens it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}
