import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureAdminBuilt } from "../../scripts/lib/admin-build.ts";
import { portsFrom } from "../../scripts/lib/ports.ts";
import { findRedisServer, REDIS_HOWTO, startRedis } from "../../scripts/lib/redis.ts";
import { startStack } from "../../scripts/lib/stack.ts";
import { atLeastTimes, below, countFlag, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { startLoadGenerator } from "../lib/load.ts";
import { runPipeline } from "./run-pipeline.ts";
import type { PipelineRun } from "./run-pipeline.ts";

const HOME = join(import.meta.dirname, "..", "..", ".demo");
/** Redis takes the port after PostgreSQL; the two deployments have ports of their own. */
const REDIS_PORT = 4;
const BLOCK = 20;
const EVENTS = 10_000;
/** What a published engine does on its about 30 vCPUs: 12,400 events a second, so 413 for each. */
const PUBLISHED_PER_VCPU = 413;
const LEAST = { Redis: 3, PostgreSQL: 2 } as const;
const P95_MS_MAX = 2_000;

type Queue = keyof typeof LEAST;

/** The whole way from webhooks to rewards, over 50 shops. */
export const pipeline: Bench = {
  name: "pipeline",
  about: "webhooks in, rewards issued: 50 shops, 2 % of the orders referred, on Redis and on PostgreSQL (--events N)",
  async run(options) {
    await ensureAdminBuilt(options.say);
    const results: BenchResult[] = [];
    if (findRedisServer() === null) options.say(`without Redis: ${REDIS_HOWTO}`);
    else results.push(...resultsOf("Redis", await measure("Redis", options, options.firstPort)));
    return [...results, ...resultsOf("PostgreSQL", await measure("PostgreSQL", options, options.firstPort + BLOCK))];
  },
};

async function measure(queue: Queue, options: BenchOptions, firstPort: number): Promise<PipelineRun> {
  const home = join(HOME, `bench-pipeline-${firstPort}`);
  mkdirSync(HOME, { recursive: true });
  const redis =
    queue === "Redis"
      ? await startRedis({ port: firstPort + REDIS_PORT, logPath: join(HOME, `bench-redis-${firstPort}.log`) })
      : null;
  try {
    const stack = await startStack({
      ports: portsFrom(firstPort),
      home,
      redisUrl: redis?.url,
      appEnv: { LOG_LEVEL: "warn" },
      onProgress: options.say,
    });
    const load = startLoadGenerator(home);
    try {
      return await runPipeline({
        stack,
        load,
        webPort: firstPort,
        pids: [
          stack.parts.web.pid,
          stack.parts.worker.pid,
          stack.parts.postgres.pid,
          ...(redis === null ? [] : [redis.pid]),
        ],
        events: countFlag(options, "events", EVENTS),
        seed: options.seed,
        say: (line) => options.say(`  ${queue}: ${line}`),
      });
    } finally {
      load.close();
      await stack.stop();
    }
  } finally {
    await redis?.stop();
  }
}

function resultsOf(queue: Queue, run: PipelineRun): BenchResult[] {
  const perCpuSecond = run.full.events / run.full.cpuSeconds;
  return [
    atLeastTimes(
      { name: `${queue}: events per CPU second`, value: perCpuSecond, unit: "/s", baseline: PUBLISHED_PER_VCPU },
      LEAST[queue],
    ),
    told({ name: `${queue}: memory of web`, value: run.peakMb[0] ?? Number.NaN, unit: "MB" }),
    told({ name: `${queue}: memory of worker`, value: run.peakMb[1] ?? Number.NaN, unit: "MB" }),
    told({ name: `${queue}: events a second`, value: run.full.events / run.full.seconds, unit: "/s" }),
    told({ name: `${queue}: rewards issued`, value: run.rewards, unit: "rewards", baseline: run.referredOrders * 2 }),
    told({ name: `${queue}: half load`, value: run.halfPerSecond, unit: "/s" }),
    below({ name: `${queue}: p95 from order to both rewards`, value: run.p95Ms, unit: "ms" }, P95_MS_MAX),
  ];
}
