import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { InboxHandler } from "#app/jobs/inbox-drain.ts";
import { testOnBothBackends } from "./backends.ts";
import { buildWorld, gate, NO_SWEEP_MS, until } from "./world.ts";

/** Workers sweep once when they start; what a test leaves to the bells must come after that. */
const FIRST_SWEEP_MS = 300;

testOnBothBackends("a bell makes the worker do the shop's rows in the order they were received", async (backend) => {
  const seen: number[] = [];
  const world = await buildWorld(backend, { inbox: { "test/order": noteInto(seen) } });
  const shopId = await world.shop("freshbox");
  world.work();
  await sleep(FIRST_SWEEP_MS);
  const ids: string[] = [];
  for (const n of [3, 1, 2]) ids.push(await world.inboxRow({ shopId, topic: "test/order", n }));

  world.ringer.ring("inbox", shopId);

  await until("all rows are done", async () => (await states(world, ids)).every((state) => state === "done"));
  expect(seen).toEqual([1, 2, 3]);
});

testOnBothBackends(
  "an outbox bell does what is due and leaves what is not, even when its time comes by a jump",
  async (backend) => {
    const world = await buildWorld(backend);
    const shopId = await world.shop("freshbox");
    const now = await world.outboxRow({ shopId, dedupeKey: "now" });
    const later = await world.outboxRow({ shopId, dedupeKey: "later", nextAt: new Date(Date.now() + 14 * 86_400_000) });
    world.work();

    world.ringer.ring("outbox", shopId);
    await until("the due row is done", async () => (await world.row("outbox", now)).state === "done");
    expect((await world.row("outbox", later)).state).toBe("new");

    world.clock.skip(14 * 86_400_000);
    world.ringer.ring("outbox", shopId);
    await until("the other row is done", async () => (await world.row("outbox", later)).state === "done");
  },
);

testOnBothBackends(
  "fifty bells of one shop that is being worked on make one more run, and no two at once",
  async (backend) => {
    const door = gate();
    let runs = 0;
    let atOnce = 0;
    let mostAtOnce = 0;
    const world = await buildWorld(backend, {
      inbox: {
        "test/slow": async () => {
          mostAtOnce = Math.max(mostAtOnce, ++atOnce);
          await door.opened;
          atOnce -= 1;
          return { outcome: "done" };
        },
      },
    });
    countRuns(world.jobs.processors["inbox.drain"], () => (runs += 1));
    const shopId = await world.shop("freshbox");
    await world.inboxRow({ shopId, topic: "test/slow" });
    world.work();
    world.ringer.ring("inbox", shopId);
    await until("the worker is busy", () => atOnce === 1);

    const late = await world.inboxRow({ shopId, topic: "test/slow" });
    for (let bell = 0; bell < 50; bell += 1) {
      world.ringer.ring("inbox", shopId);
      await sleep(2);
    }
    door.open();

    await until("the late row is done without a sweep", async () => (await world.row("inbox", late)).state === "done");
    await sleep(200);
    expect(mostAtOnce).toBe(1);
    expect(runs).toBe(2);
  },
);

testOnBothBackends("a bell that was never rung costs one sweep", async (backend) => {
  const world = await buildWorld(backend);
  const shopId = await world.shop("freshbox");
  world.work(200);
  await sleep(FIRST_SWEEP_MS);

  const inbox = await world.inboxRow({ shopId });
  const outbox = await world.outboxRow({ shopId, dedupeKey: "lost" });

  const tookMs = await until("both rows are done", async () => {
    const rows = [await world.row("inbox", inbox), await world.row("outbox", outbox)];
    return rows.every((row) => row.state === "done");
  });
  expect(tookMs).toBeLessThan(3_000);
});

testOnBothBackends("what a move of time made due is found at once, not at the next sweep", async (backend) => {
  const world = await buildWorld(backend);
  const shopId = await world.shop("freshbox");
  const workers = world.work();
  // Workers sweep once when they start; with this row done and a while gone, that one is over.
  const now = await world.outboxRow({ shopId, dedupeKey: "now" });
  world.ringer.ring("outbox", shopId);
  await until("the due row is done", async () => (await world.row("outbox", now)).state === "done");
  await sleep(FIRST_SWEEP_MS);
  const later = await world.outboxRow({ shopId, dedupeKey: "later", nextAt: new Date(Date.now() + 14 * 86_400_000) });

  world.clock.skip(14 * 86_400_000);
  workers.sweepNow();

  await until("the later row is done", async () => (await world.row("outbox", later)).state === "done");
});

testOnBothBackends("a run that failed does not make the shop's bell deaf", async (backend) => {
  let failing = true;
  const world = await buildWorld(backend);
  const shopId = await world.shop("freshbox");
  const id = await world.inboxRow({ shopId });
  const processor = { ...world.jobs.processors["inbox.drain"] };
  Object.assign(world.jobs.processors["inbox.drain"], {
    process: (payload: unknown) =>
      failing ? Promise.reject(new Error("the database is away")) : processor.process(payload),
  });
  world.work();
  await sleep(FIRST_SWEEP_MS);
  for (let bell = 0; bell < 3; bell += 1) {
    world.ringer.ring("inbox", shopId);
    await sleep(100);
  }
  expect((await world.row("inbox", id)).state).toBe("new");

  failing = false;
  world.ringer.ring("inbox", shopId);

  await until("the row is done", async () => (await world.row("inbox", id)).state === "done");
});

testOnBothBackends("five noisy shops do not keep a quiet one waiting until they are done", async (backend) => {
  const order: string[] = [];
  const world = await buildWorld(backend, { inbox: { "test/who": (row) => Promise.resolve(note(order, row.shopId)) } });
  const noisy = await Promise.all([1, 2, 3, 4, 5].map((n) => world.shop(`noisy-${n}`)));
  const quiet = await world.shop("quiet");
  await world.owner.query(
    `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, next_at)
     SELECT s, gen_random_uuid(), 'test/who', n::text, '\\x00', '{"kind":"uninstalled","at":1}', $2 FROM unnest($1::uuid[]) s, generate_series(1, 300) n`,
    [noisy, world.clock.now()],
  );
  await world.inboxRow({ shopId: quiet, topic: "test/who" });
  world.work(NO_SWEEP_MS);

  for (const shopId of [...noisy, quiet]) world.ringer.ring("inbox", shopId);

  await until("everything is done", () => order.length === 1_501, 25_000);
  // A batch of each noisy shop goes before it, and the second batches of three that are worked on beside it.
  expect(order.indexOf(quiet)).toBeLessThan(5 * 200 + 3 * 100 + 50);
});

function noteInto(seen: number[]): InboxHandler {
  return (row) => {
    if (row.facts.kind === "uninstalled") seen.push(row.facts.at);
    return Promise.resolve({ outcome: "done" });
  };
}

function note(order: string[], shopId: string): { outcome: "done" } {
  order.push(shopId);
  return { outcome: "done" };
}

async function states(world: Awaited<ReturnType<typeof buildWorld>>, ids: readonly string[]): Promise<string[]> {
  const rows = await Promise.all(ids.map((id) => world.row("inbox", id)));
  return rows.map((row) => row.state);
}

/** Calls `onRun` before every run of a processor. */
function countRuns(processor: { process(payload: unknown): Promise<string> }, onRun: () => void): void {
  const process = processor.process.bind(processor);
  Object.assign(processor, {
    process: (payload: unknown) => {
      onRun();
      return process(payload);
    },
  });
}
