import type { FastifyInstance } from "fastify";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Deps } from "./deps.server.ts";
import { registerHealth } from "./edge/health.ts";
import { startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { invariant } from "./platform/errors.ts";
import type { Env } from "./platform/env.ts";
import type { Logger } from "./platform/logger.ts";
import { watchProcess } from "./platform/metrics.ts";

const EMBEDDED_HOME = join(import.meta.dirname, "..", ".demo", "postgres-dev");
const EMBEDDED_PORT = 5439;
const SWEEP_EVERY_MS = 5_000;
/** Stories beside the simulator wait for every row that comes back a moment later; five seconds each would add up. */
const SIMULATED_SWEEP_EVERY_MS = 250;
const SHUTDOWN_MS_MAX = 28_000;

/** The database that the environment names, or an embedded PostgreSQL where none is named and the mode allows it. */
export async function runtimeDatabase(env: Env): Promise<{ databaseUrl: string; stop: () => Promise<void> }> {
  if (env.DATABASE_URL !== undefined) return { databaseUrl: env.DATABASE_URL, stop: () => Promise.resolve() };
  const postgres = await startEmbeddedPostgres({ dataDir: EMBEDDED_HOME, port: EMBEDDED_PORT, database: "goodword" });
  await migrateEmbedded(postgres.databaseUrl);
  return { databaseUrl: postgres.databaseUrl, stop: () => postgres.stop() };
}

/** Nobody migrates a database that this process has just made; elsewhere `npm run db:migrate` is a step of its own. */
async function migrateEmbedded(databaseUrl: string): Promise<void> {
  const command = [join(import.meta.dirname, "..", "scripts", "prisma.ts"), "migrate", "deploy"];
  await promisify(execFile)(process.execPath, command, { env: { ...process.env, DATABASE_URL: databaseUrl } });
}

/** How often a worker looks for lost bells. */
export function sweepEveryMs(env: Env): number {
  return env.SHOPIFY_SIMULATOR_URL === undefined ? SWEEP_EVERY_MS : SIMULATED_SWEEP_EVERY_MS;
}

/** Opens `/healthz`, `/readyz` and `/metrics` in any process. */
export function registerOperatorDoor(server: FastifyInstance, deps: Deps): void {
  watchProcess(deps.metrics);
  registerHealth(server, {
    checks: {
      database: () => deps.pools.app.query("SELECT 1"),
      // A queue that is away stops nothing: the sweep works without it. It is for /metrics and the health page to tell.
      queue: () => Promise.resolve(),
      migrations: async () => {
        const { rows } = await deps.pools.app.query<{ ready: boolean }>(
          "SELECT to_regclass('public.referrals') IS NOT NULL AS ready",
        );
        invariant(rows[0]?.ready === true, "the migrations have been applied");
      },
    },
    metrics: deps.metrics,
    metricsToken: deps.env.METRICS_TOKEN,
    logger: deps.logger,
  });
}

/** Ends the process in order on SIGTERM and SIGINT: finish what is under way, then leave; by force when that takes too long. */
export function onShutdown(logger: Logger, close: () => Promise<void>): void {
  let isClosing = false;
  const leave = (signal: NodeJS.Signals): void => {
    if (isClosing) return;
    isClosing = true;
    logger.info({ reason: signal }, "shutting down");
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", leave);
  process.on("SIGINT", leave);
}
