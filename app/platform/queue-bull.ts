import { setTimeout as sleep } from "node:timers/promises";
import type { BackendFactory, IQueueBackend, JobsOptions } from "bullmq";
import type { AddOptions, OneQueue, QueueWorker, WorkOptions } from "./queue-connection.ts";

/** A worker that lost its server asks for it again this soon. */
const RETRY_EVERY_MS = 1_000;
/** A job that was running when its process died is run again; the row it points at counts its own attempts. */
const STALLED_TIMES_MAX = 1_000;
const FAILED_JOB_BACKOFF_MS = 1_000;

type BullQueue = {
  add(name: string, data: Record<string, string>, options: JobsOptions): Promise<unknown>;
  getJobCounts(...types: ("wait" | "prioritized" | "delayed" | "active")[]): Promise<Record<string, number>>;
  close(): Promise<void>;
};

type BullWorker = { close(force?: boolean): Promise<void> };

/**
 * The options of every job. Nothing is kept of a job that ended: BullMQ ignores an id that still exists, so a kept
 * one would make the bell deaf.
 */
export function bullJobOptions(options: AddOptions): JobsOptions {
  const { coalesceOn: id, coalesceMs: ttl } = options;
  return {
    removeOnComplete: true,
    removeOnFail: true,
    attempts: options.attemptsMax,
    backoff: { type: "exponential", delay: FAILED_JOB_BACKOFF_MS },
    deduplication: ttl === undefined ? { id, keepLastIfActive: true } : { id, ttl },
  };
}

/** The settings that workers on both backends share. */
export function bullWorkerOptions(options: WorkOptions) {
  return {
    concurrency: options.concurrency,
    lockDuration: options.lockMs,
    stalledInterval: options.lockMs,
    maxStalledCount: STALLED_TIMES_MAX,
    runRetryDelay: RETRY_EVERY_MS,
  };
}

/** Wraps BullMQ's queue, so that its many types stay in these files. */
export function wrapBullQueue(name: string, queue: BullQueue): OneQueue {
  return {
    async add(payload, options) {
      await queue.add(name, payload, bullJobOptions(options));
    },
    async counts() {
      const counts = await queue.getJobCounts("wait", "prioritized", "delayed", "active");
      const waiting = (counts["wait"] ?? 0) + (counts["prioritized"] ?? 0) + (counts["delayed"] ?? 0);
      return { waiting, active: counts["active"] ?? 0 };
    },
    close: () => queue.close(),
  };
}

/** Wraps BullMQ's worker. */
export function wrapBullWorker(worker: BullWorker): QueueWorker {
  return { close: (force) => worker.close(force) };
}

/**
 * Makes a worker ask again only after a pause when its server refused to hand out a job. BullMQ pauses for a refused
 * connection alone: on any other error (server shutting down, loading, out of memory) its worker would ask again at
 * once, for ever, and leave the process no time for anything else.
 */
export function pausingAfterErrors<B extends IQueueBackend, C>(make: BackendFactory<B, C>): BackendFactory<B, C> {
  return (name, options, factoryOptions) => {
    const backend = make(name, options, factoryOptions);
    const moveToActive = backend.moveToActive.bind(backend);
    backend.moveToActive = async (token, workerName) => {
      try {
        return await moveToActive(token, workerName);
      } catch (error) {
        await sleep(RETRY_EVERY_MS, undefined, { ref: false });
        throw error;
      }
    };
    return backend;
  };
}
