import { expect } from "vitest";
import { inShop } from "#app/data/tenant.ts";
import { listDead, replayDead } from "#app/data/dead-letters.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { wakeParked } from "#app/data/inbox.repo.ts";
import type { InboxHandler } from "#app/jobs/inbox-drain.ts";
import { newId } from "#app/platform/ids.ts";
import { testOnBothBackends } from "./backends.ts";
import { buildWorld, gate, NO_SWEEP_MS, until } from "./world.ts";
import type { World } from "./world.ts";

const NEVER_INSTALLED = "00000000-0000-8000-8000-00000000dead";

testOnBothBackends("a poison row delays itself and nobody else", async (backend) => {
  const world = await buildWorld(backend, { inbox: { "test/poison": poison } });
  const shopId = await world.shop("freshbox");
  const bad = await world.inboxRow({ shopId, topic: "test/poison", n: 1 });
  const good = await world.inboxRow({ shopId, n: 2 });
  world.work();
  world.ringer.ring("inbox", shopId);

  await until("the good row is done", async () => (await world.row("inbox", good)).state === "done");
  const row = await world.row("inbox", bad);
  expect(row).toMatchObject({ state: "new", attempts: 1 });
  expect(row.next_at?.getTime()).toBeGreaterThan(Date.now() + 500);
});

testOnBothBackends("a row's run is counted before its work, in a commit of its own", async (backend) => {
  const inside = gate();
  let seen: { attempts: number } | null = null;
  const world: World = await buildWorld(backend, {
    inbox: {
      "test/look": async (row) => {
        seen = await world.row("inbox", row.id); // another connection: it sees commits only
        inside.open();
        return { outcome: "done" };
      },
    },
  });
  const shopId = await world.shop("freshbox");
  await world.inboxRow({ shopId, topic: "test/look" });

  await drainInbox(world, shopId);

  await inside.opened;
  expect(seen).toMatchObject({ attempts: 1 });
});

testOnBothBackends("a row that fails twelve times is given up, on the record, and can be replayed", async (backend) => {
  const world = await buildWorld(backend, { inbox: { "test/poison": poison } });
  const shopId = await world.shop("freshbox");
  const id = await world.inboxRow({ shopId, topic: "test/poison" });

  for (let run = 1; run <= 12; run += 1) {
    expect((await world.row("inbox", id)).state).toBe("new");
    await drainInbox(world, shopId);
    world.clock.skip(30 * 60_000);
  }

  expect(await world.row("inbox", id)).toEqual({ state: "dead", attempts: 12, next_at: null });
  const { rows } = await world.owner.query("SELECT action, actor, detail FROM audit WHERE subject = $1", [id]);
  expect(rows).toEqual([
    {
      action: "inbox.dead",
      actor: "worker",
      detail: { topic: "test/poison", attempts: 12, reason: "attempts_exhausted" },
    },
  ]);
  const dead = await inShop(world.pools, shopId, (tx) => listDead(tx, { shopId, limit: 10 }));
  expect(dead).toMatchObject([{ kind: "inbox", id, attempts: 12, reason: "attempts_exhausted", canReplay: true }]);

  const replay = { shopId, ids: [id], now: world.clock.now(), actor: "staff-1", auditId: newId() };
  expect(await inShop(world.pools, shopId, (tx) => replayDead(tx, replay))).toBe(1);

  expect(await world.row("inbox", id)).toMatchObject({ state: "new", attempts: 0 });
  expect(await inShop(world.pools, shopId, (tx) => replayDead(tx, { ...replay, auditId: newId() }))).toBe(0);
});

testOnBothBackends(
  "a row that kills its process is given up without another run, and takes no innocent row with it",
  async (backend) => {
    let poisoned = 0;
    const world = await buildWorld(backend, {
      leaseMs: 1_000,
      inbox: { "test/killer": () => Promise.resolve({ outcome: "done" }) },
    });
    const shopId = await world.shop("freshbox");
    // A killed process leaves exactly this behind: its commit that counted and leased the rows, and nothing else.
    const killer = await world.inboxRow({ shopId, topic: "test/killer", n: 1 });
    const innocent = await world.inboxRow({ shopId, n: 2 });
    const crashing = world.process({
      inboxHandlers: {
        "test/killer": () => {
          poisoned += 1;
          return new Promise(() => undefined);
        },
        "test/fine": () => Promise.resolve({ outcome: "done" }),
      },
    });

    for (let crash = 0; crash < 14 && (await world.row("inbox", killer)).state === "new"; crash += 1) {
      await Promise.race([
        crashing.jobs.processors["inbox.drain"].process({ shopId }),
        until("the killer is running", () => poisoned > crash, 2_000),
      ]);
      world.clock.skip(2_000);
    }

    expect(poisoned).toBe(12);
    expect((await world.row("inbox", killer)).state).toBe("dead");
    const left = await world.row("inbox", innocent);
    expect(left.state).toBe("done");
    expect(left.attempts).toBeLessThanOrEqual(4);
  },
);

testOnBothBackends("drains that start at once never work on the same row at the same time", async (backend) => {
  const atWork = new Set<string>();
  const runs = new Map<string, number>();
  let overlaps = 0;
  const world = await buildWorld(backend, {
    inbox: {
      "test/once": async (row) => {
        if (atWork.has(row.id)) overlaps += 1;
        atWork.add(row.id);
        runs.set(row.id, (runs.get(row.id) ?? 0) + 1);
        await new Promise((resolve) => setTimeout(resolve, 3));
        atWork.delete(row.id);
        return { outcome: "done" };
      },
    },
  });
  const shopId = await world.shop("freshbox");
  const ids = await Promise.all(Array.from({ length: 60 }, () => world.inboxRow({ shopId, topic: "test/once" })));

  await Promise.all(Array.from({ length: 8 }, () => drainInbox(world, shopId)));

  expect(overlaps).toBe(0);
  expect(ids.map((id) => runs.get(id))).toEqual(ids.map(() => 1));
});

testOnBothBackends("a run that outlived its lease can no longer say what becomes of the row", async (backend) => {
  const door = gate();
  let runs = 0;
  const world = await buildWorld(backend, {
    leaseMs: 1_000,
    inbox: {
      "test/hang": async () => {
        runs += 1;
        if (runs > 1) return { outcome: "parked", wakeKey: "k", until: new Date(Date.now() + 3_600_000) };
        await door.opened;
        return { outcome: "done" };
      },
    },
  });
  const shopId = await world.shop("freshbox");
  const id = await world.inboxRow({ shopId, topic: "test/hang" });
  const late = drainInbox(world, shopId);
  await until("the first run hangs", () => runs === 1);
  world.clock.skip(2_000);
  await drainInbox(world, shopId);

  door.open();
  await late;

  expect(await world.row("inbox", id)).toMatchObject({ state: "parked", attempts: 0 });
});

testOnBothBackends("a parked row sleeps until it is woken, as often as that happens", async (backend) => {
  let runs = 0;
  const world: World = await buildWorld(backend, {
    inbox: {
      "test/park": () => {
        runs += 1;
        return Promise.resolve({
          outcome: "parked",
          wakeKey: "customer-1",
          until: new Date(world.clock.now().getTime() + 26 * 3_600_000),
        });
      },
    },
  });
  const shopId = await world.shop("freshbox");
  const id = await world.inboxRow({ shopId, topic: "test/park" });
  for (let wake = 1; wake <= 20; wake += 1) {
    await drainInbox(world, shopId);
    await drainInbox(world, shopId);
    expect(runs).toBe(wake);
    expect(await inShop(world.pools, shopId, (tx) => wakeParked(tx, shopId, ["customer-1"], world.clock.now()))).toBe(
      1,
    );
  }
  expect((await world.row("inbox", id)).state).toBe("parked");
});

testOnBothBackends(
  "waiting for Shopify, however often, never brings an outbox row near to being given up",
  async (backend) => {
    const world: World = await buildWorld(backend, {
      outbox: {
        "reward.fulfil": () =>
          Promise.resolve({ outcome: "again", at: new Date(world.clock.now().getTime() + 1_000), reason: "throttled" }),
      },
    });
    const shopId = await world.shop("freshbox");
    const id = await world.outboxRow({ shopId, dedupeKey: "fulfil:1" });
    for (let run = 0; run < 30; run += 1) {
      await world.jobs.processors["outbox.drain"].process({ shopId });
      world.clock.skip(1_500);
    }
    expect(await world.row("outbox", id)).toMatchObject({ state: "new", attempts: 6 });
  },
);

testOnBothBackends("rows of unknown topics, unreadable facts and unknown shops end without harm", async (backend) => {
  const world = await buildWorld(backend);
  const shopId = await world.shop("freshbox");
  const ids = [
    await world.inboxRow({ shopId, topic: "test/nobody-knows" }),
    await world.inboxRow({ shopId, facts: { kind: "no such kind" } }),
    await world.inboxRow({ shopId, topic: "__proto__" }),
    await world.inboxRow({ shopId: NEVER_INSTALLED, topic: "test/nobody-knows" }),
  ];
  const fine = await world.inboxRow({ shopId: NEVER_INSTALLED });
  world.work(NO_SWEEP_MS);

  await until("all have ended", async () =>
    (await Promise.all(ids.map((id) => world.row("inbox", id)))).every((row) => row.state === "dead"),
  );
  await until("the unknown shop's good row is done", async () => (await world.row("inbox", fine)).state === "done");
});

testOnBothBackends("one fact makes one outbox row", async (backend) => {
  const world = await buildWorld(backend);
  const shopId = await world.shop("freshbox");
  const now = world.clock.now();
  const work = {
    shopId,
    topic: "reward.fulfil",
    dedupeKey: "fulfil:1",
    payload: { reward: "1" },
    nextAt: now,
    now,
  } as const;
  const added = [];
  for (let time = 0; time < 3; time += 1) {
    added.push(await inShop(world.pools, shopId, (tx) => enqueueOutbox(tx, { ...work, id: newId() })));
  }
  expect(added).toEqual([true, false, false]);
});

const poison: InboxHandler = () => Promise.reject(new Error("this row can never be done"));

function drainInbox(world: World, shopId: string): Promise<string> {
  return world.jobs.processors["inbox.drain"].process({ shopId });
}
