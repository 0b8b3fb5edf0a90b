import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureAdminBuilt } from "../../scripts/lib/admin-build.ts";
import { portsFrom, portsInUse } from "../../scripts/lib/ports.ts";
import { startRedis } from "../../scripts/lib/redis.ts";
import type { RedisServer } from "../../scripts/lib/redis.ts";
import { startStack } from "../../scripts/lib/stack.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import type { Target } from "../journey/http.ts";
import { killFamily } from "./kill-family.ts";

const HOME = join(import.meta.dirname, "..", "..", ".demo");
const PORTS_PER_BLOCK = 20;
const BLOCKS_TRIED_MAX = 50;
/** Where the worker's operator door stands in its block; Redis takes the port after PostgreSQL. */
const WORKER_PORT = 10;
const REDIS_PORT = 4;
const RESTART_TRIES_MAX = 5;

export type Part = "worker" | "web" | "redis" | "postgres";

/** A whole deployment of our own: app, worker, PostgreSQL, the pretend Shopify and, if asked for, Redis. */
export type TestBed = {
  readonly target: Target;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly home: string;
  /** Whose CPU time is whose; processes of their own make it this one's parts. */
  pids(): Readonly<Record<string, number>>;
  /** Ends a part at once and returns when it was reaped; of PostgreSQL the backends too. */
  kill(part: Part): Promise<void>;
  /** Starts a part that was ended, and returns when it answers. */
  restart(part: Part): Promise<void>;
  /** Lets the worker finish what it has begun. */
  stopWorker(): Promise<void>;
};

export type TestBedOptions = {
  readonly name: string;
  readonly firstPort: number;
  readonly redis: boolean;
  readonly appEnv?: Readonly<Record<string, string>>;
  /** Settings of the PostgreSQL server; durable unless they say otherwise. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
};

let adminBuilt: Promise<void> | null = null;

/** Starts a test bed, gives it to `work`, and stops everything again, however that ends. */
export async function withTestBed<Result>(
  options: TestBedOptions,
  work: (bed: TestBed) => Promise<Result>,
): Promise<Result> {
  adminBuilt ??= ensureAdminBuilt(options.say);
  await adminBuilt;
  const first = await takeBlock(options.firstPort);
  const home = join(HOME, `proof-${options.name}-${first}`);
  if (!existsSync(HOME)) mkdirSync(HOME);
  const redisOptions = { port: first + REDIS_PORT, logPath: join(HOME, `proof-redis-${first}.log`) };
  let redis: RedisServer | null = options.redis ? await startRedis(redisOptions) : null;
  let stack: Stack | null = null;
  const stopAll = async (): Promise<void> => {
    await stack?.stop();
    await redis?.stop();
  };
  const onSignal = (): void => void stopAll().finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    const appEnv = { LOG_LEVEL: "warn", ...options.appEnv };
    const { postgresSettings = {} } = options;
    const servers = { ports: portsFrom(first), home, redisUrl: redis?.url, postgresSettings };
    stack = await startStack({ ...servers, appEnv, onProgress: options.say });
    const startRedisAgain = async (): Promise<void> => {
      redis = await startRedis(redisOptions);
    };
    return await work(bedOver(stack, { current: () => redis, start: startRedisAgain }));
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await stopAll();
    taken.delete(first);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function bedOver(stack: Stack, redis: { current: () => RedisServer | null; start: () => Promise<void> }): TestBed {
  const { parts } = stack;
  return {
    target: { appUrl: stack.appUrl, simulatorUrl: stack.simulatorUrl },
    databaseUrl: stack.databaseUrl,
    redisUrl: redis.current()?.url ?? null,
    home: stack.home,
    pids: () => ({
      simulator: parts.simulator.pid,
      web: parts.web.pid,
      worker: parts.worker.pid,
      postgres: parts.postgres.pid,
    }),
    stopWorker: () => parts.worker.stop(),
    async kill(part) {
      if (part === "worker" || part === "web") return parts[part].kill();
      if (part === "redis") return redis.current()?.kill();
      await killFamily(parts.postgres.pid);
      await parts.postgres.exited;
    },
    async restart(part) {
      if (part === "worker") return stack.startWorker();
      if (part === "web") return stack.startWeb();
      if (part === "redis") return redis.start();
      await tryAgain(() => stack.startPostgres());
    },
  };
}

/** A backend that is only just gone may still hold the shared memory for a moment. */
async function tryAgain(start: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries >= RESTART_TRIES_MAX) throw error;
    }
  }
}

/** Blocks of the beds that this process has up or is about to start. */
const taken = new Set<number>();

async function takeBlock(firstPort: number): Promise<number> {
  for (let block = 0; block < BLOCKS_TRIED_MAX; block += 1) {
    const first = firstPort + block * PORTS_PER_BLOCK;
    if (taken.has(first)) continue;
    taken.add(first);
    const ports = { ...portsFrom(first), worker: first + WORKER_PORT, redis: first + REDIS_PORT };
    if ((await portsInUse(ports)).length === 0) return first;
    taken.delete(first);
  }
  throw new Error(`no free block of ports from ${firstPort} on; choose another with --port`);
}
