import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepClickPartitions } from "#app/data/keep-click-partitions.ts";
import { createPools } from "#app/data/pools.ts";
import { startEmbeddedPostgres } from "#app/platform/embedded-postgres.ts";
import type { EmbeddedPostgres } from "#app/platform/embedded-postgres.ts";
import { createKeys } from "#app/platform/keys.ts";
import { API_SECRET, installShop } from "#test/builders/door.ts";
import type { InstalledShop } from "#test/builders/door.ts";
import { ensureAdminBuilt } from "../../scripts/lib/admin-build.ts";
import { startChild, waitUntilUp } from "../../scripts/lib/child.ts";
import type { Child } from "../../scripts/lib/child.ts";
import { migrateDeploy } from "../../scripts/prisma.ts";
import type { BenchOptions } from "./bench.ts";
import { startLoadGenerator } from "./load.ts";
import type { LoadGenerator } from "./load.ts";

const HOME = join(import.meta.dirname, "..", "..", ".demo");
const UP_TIMEOUT_MS = 60_000;

/** Where the parts of a bench listen, counted from its first port. */
export const PORTS = { web: 0, baseline: 1, postgres: 3 } as const;

/** The web process over a durable PostgreSQL, with shops that installed the app, and something to hold it against. */
export type Doors = {
  readonly webPort: number;
  readonly webPid: number;
  readonly postgresPid: number;
  readonly databaseUrl: string;
  readonly shops: readonly InstalledShop[];
  readonly load: LoadGenerator;
  /** Starts a server of the bench's own; it answers `GET /up`. @returns its port and process id */
  startBaseline(script: string, env?: Record<string, string>): Promise<{ port: number; pid: number }>;
};

/** Starts the doors, gives them to `work`, and stops everything again, however that ends. */
export async function withDoors<Result>(
  name: string,
  options: BenchOptions,
  shopCount: number,
  work: (doors: Doors) => Promise<Result>,
): Promise<Result> {
  await ensureAdminBuilt(options.say);
  const home = join(HOME, `bench-${name}-${options.firstPort}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const started: { stop(): Promise<void> }[] = [];
  try {
    return await work(await openDoors(home, options, shopCount, started));
  } finally {
    for (const part of started.toReversed()) await part.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function openDoors(
  home: string,
  options: BenchOptions,
  shopCount: number,
  started: { stop(): Promise<void> }[],
): Promise<Doors> {
  const webPort = options.firstPort + PORTS.web;
  const postgres = await startDatabase(home, options.firstPort);
  started.push(postgres);
  const dataKey = randomBytes(32);
  const shops = await installShops(postgres.databaseUrl, dataKey, shopCount);
  const start = async (script: string, port: number, env: Record<string, string>, upPath: string): Promise<Child> => {
    const logPath = join(home, `${port}.log`);
    const all = { NODE_ENV: "production", PORT: String(port), DATABASE_URL: postgres.databaseUrl, ...env };
    const child = startChild({ name: script, script, env: all, logPath });
    started.push(child);
    await waitUntilUp(child, `http://127.0.0.1:${port}${upPath}`, { timeoutMs: UP_TIMEOUT_MS, logPath });
    return child;
  };
  const web = await start("app/server.ts", webPort, appEnv(dataKey, webPort), "/readyz");
  const load = startLoadGenerator(home);
  started.push({ stop: () => Promise.resolve(load.close()) });
  return {
    webPort,
    webPid: web.pid,
    postgresPid: postgres.pid,
    databaseUrl: postgres.databaseUrl,
    shops,
    load,
    async startBaseline(script, env = {}) {
      const port = options.firstPort + PORTS.baseline;
      return { port, pid: (await start(script, port, env, "/up")).pid };
    },
  };
}

/** A migrated PostgreSQL that keeps what it has answered: fsync and synchronous_commit are on. */
export async function startDatabase(home: string, firstPort: number): Promise<EmbeddedPostgres> {
  const port = firstPort + PORTS.postgres;
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, "postgres"), port, database: "goodword" });
  try {
    await migrateDeploy(postgres.databaseUrl);
    await keepClickPartitions(postgres.databaseUrl, new Date());
    return postgres;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function installShops(databaseUrl: string, dataKey: Buffer, count: number): Promise<InstalledShop[]> {
  const pools = createPools({ databaseUrl });
  try {
    const keys = createKeys({ dataKey });
    const shops: InstalledShop[] = [];
    for (let index = 0; index < count; index += 1) shops.push(await installShop(pools, keys));
    return shops;
  } finally {
    await pools.end();
  }
}

function appEnv(dataKey: Buffer, port: number): Record<string, string> {
  return {
    GOODWORD_MODE: "test",
    HOST: "127.0.0.1",
    SHOPIFY_API_KEY: "bench",
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: `http://localhost:${port}`,
    SHOPIFY_SIMULATOR_URL: "",
    REDIS_URL: "",
    DATA_KEY: dataKey.toString("base64"),
    LOG_LEVEL: "warn",
  };
}
