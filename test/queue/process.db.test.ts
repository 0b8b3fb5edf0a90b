import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { settledCounts } from "#app/jobs/settled.ts";
import { testOnBothBackends } from "./backends.ts";
import { buildWorld, gate, until } from "./world.ts";

const CHILD = path.join(import.meta.dirname, "child-worker.ts");

testOnBothBackends(
  "the rows of a worker that was killed come back within the lease, and its shop's bell is heard",
  async (backend) => {
    const world = await buildWorld(backend, { leaseMs: 2_000 });
    const shopId = await world.shop("freshbox");
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await world.inboxRow({ shopId, n }));
    world.ringer.ring("inbox", shopId);

    const child = spawn(
      process.execPath,
      [CHILD, world.databaseUrl, ...(world.redis === null ? [] : [world.redis.url])],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toContain("working");
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    const [first = ""] = ids;
    expect(await world.row("inbox", first)).toMatchObject({ state: "new", attempts: 1 });

    world.work(500);
    const tookMs = await until(
      "all rows are done",
      async () => (await Promise.all(ids.map((id) => world.row("inbox", id)))).every((row) => row.state === "done"),
      15_000,
    );

    // Two seconds of lease, at most twice two until the queue gives the dead worker's job up, and one sweep.
    expect(tookMs).toBeLessThan(8_000);
    expect(await world.row("inbox", first)).toMatchObject({ attempts: 2 });
  },
);

testOnBothBackends(
  "settled means that nothing is due, under way or rung for, in this process or another",
  async (backend) => {
    const door = gate();
    const world = await buildWorld(backend, {
      inbox: {
        "test/slow": async () => {
          await door.opened;
          return { outcome: "done" };
        },
      },
    });
    const elsewhere = world.process();
    await elsewhere.queues.opened();
    const look = () =>
      settledCounts({ pools: world.pools, clock: world.clock, queues: elsewhere.queues, ringer: elsewhere.ringer });
    expect(await look()).toEqual({ settled: true, due: { inbox: 0, outbox: 0 }, inFlight: 0, bells: 0, nextAt: null });

    const shopId = await world.shop("freshbox");
    await world.inboxRow({ shopId, topic: "test/slow" });
    await world.outboxRow({ shopId, dedupeKey: "next month", nextAt: new Date(Date.now() + 30 * 86_400_000) });
    expect(await look()).toMatchObject({ settled: false, due: { inbox: 1, outbox: 0 } });

    world.work(60_000);
    await until("the row is under way", () => world.jobs.inFlight() === 1);
    expect(await look()).toMatchObject({ settled: false, due: { inbox: 0, outbox: 0 }, bells: 1 });

    door.open();
    await until("it is settled", async () => (await look()).settled);
    world.clock.skip(31 * 86_400_000);
    expect(await look()).toMatchObject({ settled: false, due: { outbox: 1 } });
  },
);

testOnBothBackends("two worker processes share the work and do each row once", async (backend) => {
  const runs = new Map<string, number>();
  const world = await buildWorld(backend, {
    inbox: {
      "test/count": async (row) => {
        runs.set(row.id, (runs.get(row.id) ?? 0) + 1);
        await sleep(1);
        return { outcome: "done" };
      },
    },
  });
  const other = world.process();
  world.work(200);
  other.work(200);
  const shops = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => world.shop(name)));
  const ids: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    for (const shopId of shops) {
      ids.push(await world.inboxRow({ shopId, topic: "test/count", n }));
      (n % 2 === 0 ? world : other).ringer.ring("inbox", shopId);
    }
  }
  await until("all rows are done", () => runs.size === ids.length);
  expect([...runs.values()].every((count) => count === 1)).toBe(true);
});
