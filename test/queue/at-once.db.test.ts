import { expect } from "vitest";
import { wakeParked } from "#app/data/inbox.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { FreshRow, InboxAtOnce, InboxTogether } from "#app/jobs/inbox-drain.ts";
import { testOnBothBackends } from "./backends.ts";
import { buildWorld, gate } from "./world.ts";
import type { World } from "./world.ts";

const DONE = { outcome: "done" } as const;
const allDone = (rows: readonly { id: string }[]) => new Map(rows.map(({ id }) => [id, DONE]));
const together: InboxTogether = (_shopId, rows) => Promise.resolve(allDone(rows));

/** Every row can be done at once; `look` sees them first. */
function atOnce(look: (rows: readonly FreshRow[]) => void | Promise<void> = () => undefined): InboxAtOnce {
  return () =>
    Promise.resolve(async (_tx, rows) => {
      await look(rows);
      return allDone(rows);
    });
}

/** A shop of which one batch has been worked on by lease, as each process does first. */
async function shopKnownTo(world: World, process: Pick<World, "jobs"> = world): Promise<string> {
  const shopId = await world.shop("freshbox");
  for (const n of [1, 2]) await world.inboxRow({ shopId, n });
  await process.jobs.processors["inbox.drain"].process({ shopId });
  return shopId;
}

testOnBothBackends(
  "a batch is done at once, in one transaction, after one of the shop was done by lease",
  async (backend) => {
    const batches: string[][] = [];
    const look = (rows: readonly FreshRow[]): void => void batches.push(rows.map(({ id }) => id));
    const world = await buildWorld(backend, { inboxAtOnce: atOnce(look), inboxTogether: together });
    const shopId = await shopKnownTo(world);
    expect(batches).toEqual([]);

    const ids = [await world.inboxRow({ shopId, n: 3 }), await world.inboxRow({ shopId, n: 4 })];
    await world.jobs.processors["inbox.drain"].process({ shopId });

    expect(batches).toEqual([ids]);
    for (const id of ids) expect(await world.row("inbox", id)).toEqual({ state: "done", attempts: 0, next_at: null });
  },
);

testOnBothBackends("what cannot be done at once is done by lease in the same run", async (backend) => {
  const single: string[] = [];
  const world = await buildWorld(backend, {
    inbox: {
      "test/single": (row) => {
        single.push(row.id);
        return Promise.resolve(DONE);
      },
    },
    inboxAtOnce: () => Promise.resolve((_tx, rows) => Promise.resolve(allDone(rows.filter(isFine)))),
    inboxTogether: (_shopId, rows) => Promise.resolve(allDone(rows.filter(isFine))),
  });
  const shopId = await shopKnownTo(world);
  const fine = [await world.inboxRow({ shopId, n: 3 }), await world.inboxRow({ shopId, n: 5 })];
  const other = await world.inboxRow({ shopId, n: 4, topic: "test/single" });
  await world.jobs.processors["inbox.drain"].process({ shopId });

  expect(single).toEqual([other]);
  expect(await world.row("inbox", other)).toMatchObject({ state: "done", attempts: 1 });
  for (const id of fine) expect(await world.row("inbox", id)).toMatchObject({ state: "done", attempts: 0 });
});

testOnBothBackends("a row that fails a batch at once delays itself and nobody else", async (backend) => {
  const world = await buildWorld(backend, {
    inbox: { "test/poison": () => Promise.reject(new Error("poison")) },
    inboxAtOnce: atOnce((rows) => {
      if (!rows.every(isFine)) throw new Error("poison");
    }),
    inboxTogether: (_shopId, rows) => Promise.resolve(allDone(rows.filter(isFine))),
  });
  const shopId = await shopKnownTo(world);
  const bad = await world.inboxRow({ shopId, n: 3, topic: "test/poison" });
  const good = await world.inboxRow({ shopId, n: 4 });
  await world.jobs.processors["inbox.drain"].process({ shopId });

  expect(await world.row("inbox", bad)).toMatchObject({ state: "new", attempts: 1 });
  expect(await world.row("inbox", good)).toMatchObject({ state: "done", attempts: 1 });
});

testOnBothBackends(
  "what a process was killed over is there again, and its runs are counted by the next one",
  async (backend) => {
    const inside = gate();
    const over = gate();
    const hangs = atOnce(() => {
      inside.open();
      return over.opened;
    });
    const world = await buildWorld(backend, { inboxAtOnce: atOnce(), inboxTogether: together });
    const killed = world.process({ inboxAtOnce: hangs });
    const shopId = await shopKnownTo(world, killed);
    const id = await world.inboxRow({ shopId, n: 3 });
    const hanging = killed.jobs.processors["inbox.drain"].process({ shopId });
    await inside.opened;

    // It holds the row until it dies, and then the row is as it was.
    await world.jobs.processors["inbox.drain"].process({ shopId });
    expect(await world.row("inbox", id)).toMatchObject({ state: "new", attempts: 0 });
    await world.owner.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'",
    );
    await world.jobs.processors["inbox.drain"].process({ shopId });
    expect(await world.row("inbox", id)).toMatchObject({ state: "done", attempts: 1 });
    over.open();
    await hanging;
  },
);

testOnBothBackends("rows with runs behind them and rows that were parked are never taken at once", async (backend) => {
  const taken: string[] = [];
  const leased: string[] = [];
  const world = await buildWorld(backend, {
    inboxAtOnce: atOnce((rows) => void taken.push(...rows.map(({ id }) => id))),
    inboxTogether: (_shopId, rows) => {
      leased.push(...rows.map(({ id }) => id));
      return Promise.resolve(allDone(rows));
    },
  });
  const shopId = await shopKnownTo(world);
  leased.length = 0;
  const failed = await world.inboxRow({ shopId, n: 3 });
  await world.owner.query("UPDATE inbox SET attempts = 1 WHERE id = $1", [failed]);
  const parked = await world.inboxRow({ shopId, n: 4 });
  await world.owner.query(
    "UPDATE inbox SET state = 'parked', wake_key = 'k', next_at = next_at + interval '1 hour' WHERE id = $1",
    [parked],
  );
  await inShop(world.pools, shopId, (tx) => wakeParked(tx, shopId, ["k"], world.clock.now()));
  const fresh = await world.inboxRow({ shopId, n: 5 });
  await world.jobs.processors["inbox.drain"].process({ shopId });

  expect(taken).toEqual([fresh]);
  expect(leased).toEqual([failed, parked]);
});

function isFine({ topic }: { topic: string }): boolean {
  return topic === "test/fine";
}
