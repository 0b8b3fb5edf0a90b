import { createPools } from "#app/data/pools.ts";
import { createJobs } from "#app/jobs/jobs.ts";
import { createRinger } from "#app/jobs/ringer.ts";
import { startWorkers } from "#app/jobs/workers.ts";
import { systemClock } from "#app/platform/clock.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { createQueues } from "#app/platform/queue.ts";

/** A worker process for tests to kill: it takes the rows of its argument's database, says so, and never ends one. */
const [databaseUrl = "", redisUrl] = process.argv.slice(2);
const logger = createLogger({ LOG_LEVEL: "silent" });
const queues = createQueues({ env: { REDIS_CLUSTER: false, REDIS_URL: redisUrl }, databaseUrl, logger });
const ringer = createRinger({ queues, logger });
const hang = () => {
  process.stdout.write("working\n");
  return new Promise<never>(() => undefined);
};
const jobs = createJobs({
  pools: createPools({ databaseUrl }),
  clock: systemClock,
  ringer,
  logger,
  metrics: createMetrics(),
  inboxAtOnce: () => Promise.resolve(null),
  inboxTogether: () => Promise.resolve(new Map()),
  inboxHandlers: { "test/fine": hang },
  outboxTogether: {},
  outboxHandlers: {
    "referral.meet": hang,
    "referral.screen": hang,
    "referral.settle": hang,
    "referral.expire": hang,
    "reward.fulfil": hang,
    "reward.expire": hang,
    "code.withdraw": hang,
    "note.send": hang,
    "shop.backfill": hang,
    "welcome.refill": hang,
    "welcome.expire": hang,
    "orders.read": hang,
    "owner.meet": hang,
    "words.invite": hang,
    "pixel.activate": hang,
    "flow.trigger": hang,
    "discounts.compare": hang,
    "team.watch": hang,
  },
  keepClickPartitions: () => Promise.resolve(),
  upkeep: () => Promise.resolve(),
  runChecks: () => Promise.resolve(0),
  leaseMs: 2_000,
});
startWorkers({ queues, jobs, logger, sweepEveryMs: 3_600_000 });
