import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#app/platform/logger.ts";
import type { Queues } from "#app/platform/queue.ts";
import type { QueueWorker } from "#app/platform/queue-connection.ts";
import { JOB_CATALOG, JOB_NAMES, queueNameOf } from "./catalog.ts";
import type { JobName } from "./catalog.ts";
import type { Jobs } from "./jobs.ts";

export type Workers = {
  /** Has the queue look for due rows at once, since time was moved. With the queue away the next beat does. */
  sweepNow(): void;
  /** Finishes the rows under way, gives the others back and stops; takes at most `CLOSE_TIMEOUT_MS`. */
  close(): Promise<void>;
};

export type WorkersOptions = {
  readonly queues: Queues;
  readonly jobs: Jobs;
  readonly logger: Logger;
  /** How often lost bells are looked for, in ms. */
  readonly sweepEveryMs?: number;
};

export const CLOSE_TIMEOUT_MS = 20_000;
const SWEEP_EVERY_MS = 5_000;
const KEEPING_EVERY_MS = 6 * 3_600_000;
/** What is looked after a few times a day, whether or not anything happened. */
const KEEPING_JOBS = ["clicks.partitions", "upkeep"] as const;
const CHECKS_EVERY_MS = 5 * 60_000;
/** Every worker hears that time was moved; one sweep is enough. */
const MOVED_COALESCE_MS = 50;
const ROWS_LOOK_EVERY_MS = 20;
const LOCK_MS_MAX = 10_000;
const LOCK_MS_MIN = 1_000;
/** Inbox rows are short database work; outbox rows mostly wait for Shopify. */
const CONCURRENCY: Readonly<Record<JobName, number>> = {
  "inbox.drain": 4,
  "outbox.drain": 8,
  sweep: 1,
  "clicks.partitions": 1,
  upkeep: 1,
  "checks.run": 1,
};

/**
 * Starts this process's workers. Returns at once, whether the queue's server is there or not: the beat of the sweep is
 * this process's own, not a repeated job that a wiped queue would forget, and while the queue is away the work is done
 * without it.
 *
 * @param options.sweepEveryMs Five seconds unless told; one is right beside the simulator, whose clock jumps.
 */
export function startWorkers(options: WorkersOptions): Workers {
  const { queues, jobs, logger, sweepEveryMs = SWEEP_EVERY_MS } = options;
  const workers: QueueWorker[] = [];
  let closing = false;
  const started = queues.opened().then((isOpen) => {
    if (isOpen && !closing) workers.push(...JOB_NAMES.map((name) => startWorker(options, name)));
  });
  started.catch((error: unknown) => logger.error({ err: error }, "the workers could not be started"));

  const sweepBeat = startBeat(logger, sweepEveryMs, async () => {
    // Somewhat less than the interval, so that this beat's own next sweep is not merged into the last one.
    if (!(await added(options, "sweep", sweepEveryMs * 0.8))) await jobs.workWithoutQueue();
  });
  const keepingBeat = startBeat(logger, KEEPING_EVERY_MS, async () => {
    for (const name of KEEPING_JOBS) {
      if (!(await added(options, name, KEEPING_EVERY_MS / 2))) await jobs.processors[name].process({});
    }
  });

  const checksBeat = startBeat(logger, CHECKS_EVERY_MS, async () => {
    if (!(await added(options, "checks.run", CHECKS_EVERY_MS * 0.8))) await jobs.processors["checks.run"].process({});
  });

  return {
    sweepNow() {
      if (!closing) void added(options, "sweep", MOVED_COALESCE_MS, "time was moved");
    },
    async close() {
      closing = true;
      jobs.stop();
      const finished = Promise.allSettled([started, sweepBeat.stop(), keepingBeat.stop(), checksBeat.stop()])
        .then(() => closeWorkers(options, workers))
        .then(() => true);
      const isFinished = await Promise.race([finished, sleep(CLOSE_TIMEOUT_MS, false, { ref: false })]);
      if (isFinished) return;
      logger.warn({ timeoutMs: CLOSE_TIMEOUT_MS }, "work was cut off; its leases will bring it back");
      for (const worker of workers) void worker.close(true);
    },
  };
}

/** Waits for the jobs under way. With the queue away nobody would hear of their end: then only the rows are waited for. */
async function closeWorkers({ queues, jobs }: WorkersOptions, workers: readonly QueueWorker[]): Promise<void> {
  const isAway = !queues.isUp();
  while (isAway && jobs.inFlight() > 0) await sleep(ROWS_LOOK_EVERY_MS);
  await Promise.all(workers.map((worker) => worker.close(isAway)));
}

function startWorker({ queues, jobs, logger }: WorkersOptions, name: JobName): QueueWorker {
  const lockMs = Math.min(LOCK_MS_MAX, Math.max(LOCK_MS_MIN, jobs.leaseMs));
  const run = async (payload: unknown) => {
    try {
      return await jobs.processors[name].process(payload);
    } catch (error) {
      logger.error({ job: name, err: error }, "a job failed");
      throw error;
    }
  };
  return queues.work(queueNameOf(name), run, { concurrency: CONCURRENCY[name], lockMs });
}

/** Adds a job of no particular shop; at most one in `coalesceMs` over all processes. False when the queue is away. */
async function added(
  { queues, logger }: WorkersOptions,
  name: JobName,
  coalesceMs: number,
  coalesceOn: string = name,
): Promise<boolean> {
  try {
    const options = { coalesceOn, coalesceMs: Math.round(coalesceMs), attemptsMax: JOB_CATALOG[name].attempts };
    await queues.add(queueNameOf(name), {}, options);
    return true;
  } catch (error) {
    logger.debug({ job: name, err: error }, "the queue is away; working without it");
    return false;
  }
}

/** Calls `work` at once and then at every interval, never twice at the same time. */
function startBeat(logger: Logger, everyMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let underWay: Promise<void> | null = null;
  const beat = () => {
    underWay ??= work()
      .catch((error: unknown) => logger.error({ err: error }, "a beat failed; the next one tries again"))
      .finally(() => {
        underWay = null;
      });
  };
  const timer = setInterval(beat, everyMs);
  beat();
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
