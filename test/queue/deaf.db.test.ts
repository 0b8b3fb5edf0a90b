import { setTimeout as sleep } from "node:timers/promises";
import { createPostgresBackend, Queue, Worker } from "bullmq";
import type { JobsOptions } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { expect, onTestFinished } from "vitest";
import { bullJobOptions } from "#app/platform/queue-bull.ts";
import { testOnBothBackends } from "./backends.ts";
import type { Backend } from "./backends.ts";
import { buildWorld, until } from "./world.ts";
import type { World } from "./world.ts";

/** The trap, so that it is known to be one: with a kept job of a fixed id, later bells are swallowed without a word. */
testOnBothBackends("a bell with an id of its own goes deaf once a failed job is kept", async (backend) => {
  const heard = await ringTwice(backend, { jobId: "shop-1", removeOnComplete: false, removeOnFail: false });
  expect(heard).toBe(1);
});

testOnBothBackends("our bell is heard again after a failed job", async (backend) => {
  const heard = await ringTwice(backend, bullJobOptions({ coalesceOn: "shop-1", attemptsMax: 1 }));
  expect(heard).toBe(2);
});

/** Rings, lets the job fail, rings again; returns how often the worker heard it. */
async function ringTwice(backend: Backend, options: JobsOptions): Promise<number> {
  const world = await buildWorld(backend);
  let heard = 0;
  const plain = plainQueue(world, () => {
    heard += 1;
    return Promise.reject(new Error("the database is away"));
  });
  onTestFinished(() => plain.close());
  await plain.add(options);
  await until("the first bell is heard", () => heard === 1);
  await sleep(200);
  await plain.add(options);
  await sleep(500);
  return heard;
}

function plainQueue(
  world: World,
  process: () => Promise<never>,
): { add(options: JobsOptions): Promise<unknown>; close(): Promise<void> } {
  if (world.redis !== null) {
    const connection = new Redis(world.redis.url, { maxRetriesPerRequest: null });
    const queue = new Queue("plain", { connection });
    const worker = new Worker("plain", process, { connection });
    return {
      add: (options) => queue.add("bell", {}, options),
      close: () => closeAll([worker, queue], () => connection.disconnect()),
    };
  }
  const pool = new pg.Pool({ connectionString: world.databaseUrl, options: "-c search_path=bullmq" });
  pool.on("error", () => undefined); // dropping the database ends whatever is idle
  const connection = pool as never; // BullMQ's own declaration of a pool names fewer overloads than pg's
  const queue = new Queue("plain", { connection }, createPostgresBackend);
  const worker = new Worker("plain", process, { connection }, createPostgresBackend);
  return { add: (options) => queue.add("bell", {}, options), close: () => closeAll([worker, queue], () => pool.end()) };
}

async function closeAll(parts: readonly { close(): Promise<void> }[], last: () => unknown): Promise<void> {
  for (const part of parts) await part.close();
  await last();
}
