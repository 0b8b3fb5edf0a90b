import { createRedisBackend, Queue, Worker } from "bullmq";
import { Cluster, Redis } from "ioredis";
import { bullWorkerOptions, pausingAfterErrors, wrapBullQueue, wrapBullWorker } from "./queue-bull.ts";
import type { QueueConnection } from "./queue-connection.ts";

const RECONNECT_MS_MAX = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Queues on Redis through ioredis. One connection serves all queues and each worker adds one that blocks.
 * `maxRetriesPerRequest: null` is what BullMQ asks of workers: a command that was cut off is sent again after the
 * reconnection. Producers are kept from waiting by `isUp`, not by an option of the client.
 *
 * @param options.prefix Where the keys live. A part in braces keeps them in one slot of a Redis Cluster.
 */
export function connectRedis(options: {
  url: string;
  cluster: boolean;
  prefix: string;
  onError: (error: Error) => void;
}): QueueConnection {
  const { url, prefix } = options;
  const settings = { maxRetriesPerRequest: null, connectTimeout: CONNECT_TIMEOUT_MS };
  const client = options.cluster
    ? new Cluster([url], { redisOptions: settings, clusterRetryStrategy: pauseBeforeReconnectMs })
    : new Redis(url, { ...settings, retryStrategy: pauseBeforeReconnectMs });
  client.on("error", options.onError);

  return {
    backend: "redis",
    isUp: () => client.status === "ready",
    open: () =>
      new Promise((resolve, reject) => {
        if (client.status === "ready") return resolve();
        client.once("ready", resolve);
        client.once("end", () => reject(new Error("The connection to Redis was closed.")));
      }),
    queue(name, onError) {
      const queue = new Queue(name, { connection: client, prefix });
      queue.on("error", onError);
      return wrapBullQueue(name, queue);
    },
    worker(name, process, workOptions, onError) {
      const settingsOfWorker = { connection: client, prefix, ...bullWorkerOptions(workOptions) };
      const worker = new Worker(name, (job: { data: unknown }) => process(job.data), settingsOfWorker, pausingBackend);
      worker.on("error", onError);
      return wrapBullWorker(worker);
    },
    close() {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

const pausingBackend = pausingAfterErrors(createRedisBackend);

function pauseBeforeReconnectMs(times: number): number {
  return Math.min(times * 100, RECONNECT_MS_MAX);
}
