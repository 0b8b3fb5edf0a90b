import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { InboxHandler } from "#app/jobs/inbox-drain.ts";
import { createQueues, QueueAway } from "#app/platform/queue.ts";
import { createLogger } from "#app/platform/logger.ts";
import { testOnBothBackends } from "./backends.ts";
import { buildWorld, gate, NO_SWEEP_MS, until } from "./world.ts";
import type { World } from "./world.ts";

testOnBothBackends(
  "a queue that is wiped between acknowledgement and work loses nothing and does nothing twice",
  async (backend) => {
    const runs = new Map<string, number>();
    const world = await buildWorld(backend, { inbox: { "test/count": countInto(runs) } });
    const ids = await fiveShopsOfFour(world);
    await until("the bells are in the queue", async () => (await world.queues.counts(["inbox-drain"])).waiting === 5);

    await world.wipeQueue();
    expect(await world.queues.counts(["inbox-drain"])).toEqual({ waiting: 0, active: 0 });
    world.work(300);

    await until("all rows are done", () => allDone(world, ids));
    expect([...runs.values()]).toEqual(ids.map(() => 1));
  },
);

testOnBothBackends(
  "a queue that is wiped while its workers run loses nothing, and its bells work again",
  async (backend) => {
    const runs = new Map<string, number>();
    const door = gate();
    const world = await buildWorld(backend, {
      inbox: {
        "test/count": async (row) => {
          await door.opened;
          return countInto(runs)(row);
        },
      },
    });
    const ids = await fiveShopsOfFour(world);
    world.work(300);
    await until("rows are under way", () => world.jobs.inFlight() > 0);

    await world.wipeQueue();
    door.open();

    await until("all rows are done", () => allDone(world, ids));
    expect([...runs.values()]).toEqual(ids.map(() => 1));
  },
);

testOnBothBackends(
  "with the queue's server dead the work goes on, and with it back the bells are heard again",
  async (backend) => {
    const runs = new Map<string, number>();
    const world = await buildWorld(backend, { inbox: { "test/count": countInto(runs) } });
    const ids = await fiveShopsOfFour(world);

    await killQueue(world);
    world.work(300);

    await until("all rows are done without the queue", () => allDone(world, ids), 20_000);
    expect([...runs.values()]).toEqual(ids.map(() => 1));

    await reviveQueue(world);
    await until("a bell is heard again", async () => {
      const before = world.ringer.counts().rung;
      world.ringer.ring(
        "inbox",
        await world.pools.app.query("SELECT 1").then(() => "00000000-0000-8000-8000-000000000001"),
      );
      await sleep(50);
      return world.ringer.counts().rung > before;
    });
  },
);

testOnBothBackends("a queue that dies under its workers takes no row with it", async (backend) => {
  const runs = new Map<string, number>();
  const world = await buildWorld(backend, { inbox: { "test/count": countInto(runs) } });
  world.work(300);
  await sleep(500);
  await killQueue(world);

  const ids = await fiveShopsOfFour(world);
  await until("all rows are done", () => allDone(world, ids), 20_000);
  expect([...runs.values()]).toEqual(ids.map(() => 1));
});

testOnBothBackends(
  "adding to a queue that is away fails at once, and a lost bell is counted, not thrown",
  async (backend) => {
    const world = await buildWorld(backend);
    await killQueue(world);

    const startedMs = performance.now();
    const adding = world.queues.add("inbox-drain", { shopId: "x" }, { coalesceOn: "x", attemptsMax: 1 });
    await expect(adding).rejects.toThrow(QueueAway);
    expect(performance.now() - startedMs).toBeLessThan(1_500);

    world.ringer.ring("inbox", "00000000-0000-8000-8000-000000000001");
    await until("the loss is counted", () => world.ringer.counts().lost === 1);
  },
);

testOnBothBackends("a queue whose server was never there fails at once and ends when told to", async (backend) => {
  const logger = createLogger({ LOG_LEVEL: "silent" });
  const nowhere = { redis: "redis://127.0.0.1:1", postgres: "postgresql://nobody@127.0.0.1:1/none" };
  const env = { REDIS_CLUSTER: false, REDIS_URL: backend === "redis" ? nowhere.redis : undefined };
  const queues = createQueues({ env, databaseUrl: nowhere.postgres, logger });

  await expect(queues.add("inbox-drain", {}, { coalesceOn: "x", attemptsMax: 1 })).rejects.toThrow(QueueAway);
  const startedMs = performance.now();
  await queues.close();
  expect(performance.now() - startedMs).toBeLessThan(6_000);
  expect(await queues.opened()).toBe(false);
});

testOnBothBackends("closing lets the row under way finish, gives the others back and is quick", async (backend) => {
  const door = gate();
  let begun = 0;
  const world = await buildWorld(backend, {
    inbox: {
      "test/slow": async () => {
        begun += 1;
        await door.opened;
        return { outcome: "done" };
      },
    },
  });
  const shopId = await world.shop("freshbox");
  const [first, second] = [
    await world.inboxRow({ shopId, topic: "test/slow", n: 1 }),
    await world.inboxRow({ shopId, topic: "test/slow", n: 2 }),
  ];
  const workers = world.work(NO_SWEEP_MS);
  world.ringer.ring("inbox", shopId);
  await until("a row is under way", () => begun === 1);

  const startedMs = performance.now();
  const closing = workers.close();
  door.open();
  await closing;

  expect(performance.now() - startedMs).toBeLessThan(5_000);
  expect(begun).toBe(1);
  expect(await world.row("inbox", first)).toMatchObject({ state: "done" });
  const given = await world.row("inbox", second);
  expect(given).toMatchObject({ state: "new", attempts: 0 });
  expect(given.next_at?.getTime()).toBeLessThanOrEqual(Date.now());
});

function countInto(runs: Map<string, number>): InboxHandler {
  return (row) => {
    runs.set(row.id, (runs.get(row.id) ?? 0) + 1);
    return Promise.resolve({ outcome: "done" });
  };
}

async function fiveShopsOfFour(world: World): Promise<string[]> {
  const ids: string[] = [];
  for (const name of ["one", "two", "three", "four", "five"]) {
    const shopId = await world.shop(name);
    for (let n = 0; n < 4; n += 1) ids.push(await world.inboxRow({ shopId, topic: "test/count", n }));
    world.ringer.ring("inbox", shopId);
  }
  return ids;
}

async function allDone(world: World, ids: readonly string[]): Promise<boolean> {
  const rows = await Promise.all(ids.map((id) => world.row("inbox", id)));
  return rows.every((row) => row.state === "done");
}

/** Redis is killed; in PostgreSQL, which holds the rows too, BullMQ's schema is put out of the way. */
async function killQueue(world: World): Promise<void> {
  if (world.redis === null) await world.owner.query("ALTER SCHEMA bullmq RENAME TO bullmq_away");
  else await world.redis.kill();
}

async function reviveQueue(world: World): Promise<void> {
  if (world.redis === null) await world.owner.query("ALTER SCHEMA bullmq_away RENAME TO bullmq");
  else await world.redis.start();
}
