import { Redis } from "ioredis";
import { retryRaces } from "../../app/data/retry.ts";
import type { Observer } from "../oracle/observer.ts";

/** The queue, seen and wiped from outside. */
export type Bells = {
  /** Bells that wait or are being answered; 0 when there is no queue at this moment. */
  count(): Promise<number>;
  /** Empties the queue. @returns how many bells that were */
  wipe(): Promise<number>;
  close(): Promise<void>;
};

const QUEUES = ["inbox-drain", "outbox-drain"];
const REDIS_KEYS = QUEUES.flatMap((queue) => ["wait", "active"].map((list) => `{goodword}:${queue}:${list}`));

const EMPTY_QUEUE = "TRUNCATE bullmq.job, bullmq.dedup, bullmq.dedup_next CASCADE";

/** Bells in BullMQ's schema in PostgreSQL. `drop` takes the whole schema away, else its tables are emptied. */
export function bellsInPostgres(observer: Observer, options: { drop: boolean }): Bells {
  const hasQueue = async (): Promise<boolean> =>
    (await observer.query("SELECT FROM pg_tables WHERE schemaname = 'bullmq' AND tablename = 'job'")).length > 0;
  const count = async (): Promise<number> => {
    if (!(await hasQueue())) return 0;
    const names = QUEUES.map((name) => `'${name}'`).join(", ");
    const [row] = await observer.query(
      `SELECT count(*)::int AS bells FROM bullmq.job WHERE queue IN (${names}) AND state IN ('waiting', 'active', 'delayed')`,
    );
    return Number(row?.["bells"] ?? 0);
  };
  return {
    count,
    async wipe() {
      const bells = await count();
      // Workers hold locks of the same tables: PostgreSQL may end the wipe, not them, and then the queue still stands.
      if (options.drop) await retryRaces(() => observer.query("DROP SCHEMA IF EXISTS bullmq CASCADE"));
      else if (await hasQueue()) await retryRaces(() => observer.query(EMPTY_QUEUE));
      return bells;
    },
    close: () => Promise.resolve(),
  };
}

/** Bells on Redis. @param emptied how the queue is lost; FLUSHALL unless told */
export function bellsOnRedis(url: string, emptied?: () => Promise<void>): Bells {
  const client = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => 50 });
  client.on("error", () => undefined); // being away is the experiment
  const count = async (): Promise<number> => {
    try {
      const lengths = await Promise.all(REDIS_KEYS.map((key) => client.llen(key)));
      return lengths.reduce((sum, length) => sum + length, 0);
    } catch {
      return 0; // a Redis that is away holds no bell
    }
  };
  return {
    count,
    async wipe() {
      const bells = await count();
      await (emptied === undefined ? client.flushall() : emptied());
      return bells;
    },
    close: () => Promise.resolve(client.disconnect()),
  };
}
