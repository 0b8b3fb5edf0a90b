import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "./env.ts";
import type { Logger } from "./logger.ts";
import type {
  AddOptions,
  OneQueue,
  QueueConnection,
  QueueCounts,
  QueueProcess,
  QueueWorker,
  WorkOptions,
} from "./queue-connection.ts";
import { connectPostgres } from "./queue-postgres.ts";
import { connectRedis } from "./queue-redis.ts";

/** The queue's server does not answer. Nothing is lost: rows in PostgreSQL are the work, and the sweep finds them. */
export class QueueAway extends Error {
  constructor(why: string, options?: { cause: unknown }) {
    super(`The queue is away: ${why}`, options);
    this.name = "QueueAway";
  }
}

export type Queues = {
  readonly backend: "redis" | "postgres";
  /** Adds a job, or throws QueueAway after at most `ADD_TIMEOUT_MS`: it never waits for a server to come back. */
  add(name: string, payload: Record<string, string>, options: AddOptions): Promise<void>;
  /** Jobs that wait or run, over the named queues. */
  counts(names: readonly string[]): Promise<QueueCounts>;
  /** Whether the server answered and is connected now. */
  isUp(): boolean;
  /** Resolves once the server answered for the first time, or the queues were closed (false). */
  opened(): Promise<boolean>;
  /** Runs jobs of a queue in this process; call it after `opened`. */
  work(name: string, process: QueueProcess, options: WorkOptions): QueueWorker;
  close(): Promise<void>;
};

export const ADD_TIMEOUT_MS = 1_000;
/** Additions that were given up on but may still be on their way; beyond it a hung server costs no memory. */
const ADDS_IN_FLIGHT_MAX = 1_000;
const REOPEN_EVERY_MS = 500;
const CLOSE_TIMEOUT_MS = 5_000;
const ERROR_LOG_EVERY_MS = 5_000;
/** The braces keep all keys in one slot of a Redis Cluster. */
const REDIS_PREFIX = "{goodword}";

/**
 * Chooses where the queues live: Redis when `REDIS_URL` is set, else the database itself. Returns at once; the server
 * is opened in the background and for as long as it takes.
 *
 * @param options.databaseUrl Used without `REDIS_URL`.
 * @param options.redisPrefix Key prefix, so that two deployments may share a Redis.
 */
export function createQueues(options: {
  env: Pick<Env, "REDIS_URL" | "REDIS_CLUSTER">;
  databaseUrl: string;
  logger: Logger;
  redisPrefix?: string;
}): Queues {
  const { env, databaseUrl, redisPrefix: prefix = REDIS_PREFIX } = options;
  const onError = errorReporter(options.logger);
  const connection =
    env.REDIS_URL === undefined
      ? connectPostgres({ databaseUrl, onError })
      : connectRedis({ url: env.REDIS_URL, cluster: env.REDIS_CLUSTER, prefix, onError });
  return queuesOver(connection, onError);
}

function queuesOver(connection: QueueConnection, onError: (error: unknown) => void): Queues {
  const queues = new Map<string, OneQueue>();
  const closing = new AbortController();
  let isOpen = false;
  let addsInFlight = 0;
  const opening = openUntil(connection, closing.signal, onError).then((open) => (isOpen = open));

  function queue(name: string): OneQueue {
    const known = queues.get(name) ?? connection.queue(name, onError);
    queues.set(name, known);
    return known;
  }

  const isUp = () => isOpen && !closing.signal.aborted && connection.isUp();
  return {
    backend: connection.backend,
    isUp,
    opened: () => opening,
    async add(name, payload, addOptions) {
      if (!isUp()) throw new QueueAway("not connected");
      if (addsInFlight >= ADDS_IN_FLIGHT_MAX) throw new QueueAway("too many additions without an answer");
      addsInFlight += 1;
      const adding = queue(name)
        .add(payload, addOptions)
        .finally(() => (addsInFlight -= 1));
      await within(ADD_TIMEOUT_MS, adding);
    },
    async counts(names) {
      if (!isUp()) throw new QueueAway("not connected");
      const all = await within(ADD_TIMEOUT_MS, Promise.all(names.map((name) => queue(name).counts())));
      return { waiting: sum(all, "waiting"), active: sum(all, "active") };
    },
    work: (name, process, workOptions) => connection.worker(name, process, workOptions, onError),
    async close() {
      closing.abort();
      const ended = Promise.allSettled([...queues.values()].map((one) => one.close())).then(() => connection.close());
      await Promise.race([ended.catch(onError), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}

/** Opens the connection, again and again, until it is open (true) or no longer wanted (false). */
async function openUntil(
  connection: QueueConnection,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await connection.open();
      return !signal.aborted;
    } catch (error) {
      if (!signal.aborted) onError(error);
      await sleep(REOPEN_EVERY_MS, undefined, { ref: false });
    }
  }
  return false;
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new QueueAway(`no answer in ${timeoutMs} ms`);
  });
  // The loser of the race is heard by nobody: the timer's abort, or an answer that came too late.
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw error instanceof QueueAway ? error : new QueueAway("it refused", { cause: error });
  } finally {
    timer.abort();
  }
}

function sum(all: readonly QueueCounts[], key: keyof QueueCounts): number {
  return all.reduce((total, counts) => total + counts[key], 0);
}

/** A server that is away fails every few milliseconds: say so once in a while, with how often. */
function errorReporter(logger: Logger): (error: unknown) => void {
  let silentUntilMs = 0;
  let unsaid = 0;
  return (error) => {
    unsaid += 1;
    if (performance.now() < silentUntilMs) return;
    logger.warn({ err: error, count: unsaid }, "the queue's server is in trouble");
    silentUntilMs = performance.now() + ERROR_LOG_EVERY_MS;
    unsaid = 0;
  };
}
