import { afterAll, expect, test } from "vitest";

import { createPools, type Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { cloneDatabase, dropTestDatabase } from "#test/harness/cluster.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import {
  buildWorld,
  convertReferral,
  insertPerson,
  openReferral,
  payOut,
  TIMES,
  type World,
} from "#test/harness/world.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const TWENTY = Array.from({ length: 20 });

async function payable(pools: Pools, world: World, friend = world.friend): Promise<string> {
  return inShop(pools, world.shopId, async (tx) => {
    const id = await openReferral(tx, world, { friend });
    await convertReferral(tx, world.shopId, id);
    return id;
  });
}

const outcomes = async (runs: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(runs);
  return settled.map((run) => (run.status === "fulfilled" ? run.value : "refused"));
};

/** A copy of the empty database with one guard taken away. */
async function withoutGuard(name: string, remove: string, run: (pools: Pools) => Promise<void>): Promise<void> {
  const databaseUrl = await cloneDatabase(db.databaseUrl, `goodword_without_${name}_${newId().slice(-12)}`);
  const owner = createPools({ databaseUrl, connectionsMax: 20 });
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(remove);
  await client.end();
  try {
    await run(owner);
  } finally {
    await owner.end();
    await dropTestDatabase(databaseUrl);
  }
}

const activeCodes = (pools: Pools, shopId: string) =>
  inShop(pools, shopId, (tx) => tx.query("SELECT FROM codes WHERE state = 'active'"));

const TEXTS = TWENTY.map((_, i) => `ABC${"23456789ABCDEFGHJKMNPQRSTVWXYZ".charAt(i)}2`);
async function mintTwentyAtOnce(pools: Pools, shopId: string, personId: string): Promise<unknown[]> {
  const mint = (code: string) =>
    inShop(pools, shopId, (tx) =>
      tx.execute(
        "INSERT INTO codes (shop_id, id, code, person_id, terms_version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT DO NOTHING",
        [shopId, newId(), code, personId],
      ),
    );
  return outcomes(TEXTS.map(mint));
}

// These two come first: a database is only copied while nobody is connected to it.
test("with one_active_code dropped, twenty mints at once make twenty codes: so the index is what makes it one", async () => {
  await withoutGuard("one_active_code", "DROP INDEX one_active_code", async (pools) => {
    const world = await buildWorld(pools);
    const person = await inShop(pools, world.shopId, (tx) => insertPerson(tx, world.shopId));
    await mintTwentyAtOnce(pools, world.shopId, person);
    expect((await activeCodes(pools, world.shopId)).length).toBe(21); // and the referrer's
  });
});

test("with the guards of a second payout dropped, a second payout pays: so they are what makes it one", async () => {
  const remove = `DROP INDEX one_resolution; DROP INDEX one_earned; DROP INDEX one_settling_entry;
    DROP TRIGGER referral_guard ON referrals; DROP TRIGGER referral_agrees ON referrals;
    ALTER TABLE ledger_transfers DROP CONSTRAINT resolution_fits_state`;
  await withoutGuard("payout", remove, async (pools) => {
    const world = await buildWorld(pools);
    const id = await payable(pools, world);
    const pay = () => inShop(pools, world.shopId, (tx) => payOut(tx, world.shopId, id));
    expect(await pay()).toBe("REWARDED");
    const reopen = "UPDATE referrals SET state = 'PENDING', decided_at = NULL WHERE id = $1";
    await inShop(pools, world.shopId, (tx) => tx.execute(reopen, [id]));
    expect(await pay()).toBe("REWARDED");
    const rewards = await inShop(pools, world.shopId, (tx) => tx.query("SELECT FROM rewards"));
    expect(rewards).toHaveLength(4);
  });
});

test("twenty payouts at once pay once", async () => {
  const world = await buildWorld(db.pools);
  const id = await payable(db.pools, world);
  const states = await outcomes(TWENTY.map(() => inShop(db.pools, world.shopId, (tx) => payOut(tx, world.shopId, id))));
  expect(states.filter((state) => state === "REWARDED")).toHaveLength(1);
  expect(states.filter((state) => state === null)).toHaveLength(19);
  const [count] = await inShop(db.pools, world.shopId, (tx) =>
    tx.query(
      "SELECT (SELECT count(*) FROM rewards)::int AS rewards, (SELECT count(*) FROM ledger_transfers WHERE kind = 2)::int AS posts",
    ),
  );
  expect(count).toEqual({ rewards: 2, posts: 2 });
});

test("payouts of one referrer at once stop at the cap, and the rest are held", async () => {
  const world = await buildWorld(db.pools);
  const referrals = await Promise.all(
    TWENTY.map(async () =>
      payable(db.pools, world, await inShop(db.pools, world.shopId, (tx) => insertPerson(tx, world.shopId))),
    ),
  );
  await inShop(db.pools, world.shopId, (tx) =>
    tx.execute("INSERT INTO cap_counters (shop_id, scope, subject, cap) VALUES ($1, 'referrer', $2, 5)", [
      world.shopId,
      world.referrer,
    ]),
  );
  const states = await outcomes(
    referrals.map((id) => inShop(db.pools, world.shopId, (tx) => payOut(tx, world.shopId, id))),
  );
  expect(states.filter((state) => state === "REWARDED")).toHaveLength(5);
  expect(states.filter((state) => state === "HELD")).toHaveLength(15);
  expect(await inShop(db.pools, world.shopId, (tx) => tx.query("SELECT FROM check_caps"))).toEqual([]);
});

test("twenty openings for one friend at once open one referral", async () => {
  const world = await buildWorld(db.pools);
  const opened = await outcomes(TWENTY.map(() => inShop(db.pools, world.shopId, (tx) => openReferral(tx, world))));
  expect(opened.filter((outcome) => outcome !== "refused")).toHaveLength(1);
});

test("twenty mints at once make one active code", async () => {
  const world = await buildWorld(db.pools);
  const person = await inShop(db.pools, world.shopId, (tx) => insertPerson(tx, world.shopId));
  const made = await mintTwentyAtOnce(db.pools, world.shopId, person);
  expect(made.filter((count) => count === 1)).toHaveLength(1);
  expect(made.filter((count) => count === 0)).toHaveLength(19);
});

test("twenty uses of one reward at once on different orders never take more than it holds", async () => {
  const world = await buildWorld(db.pools);
  const id = await payable(db.pools, world);
  const { shopId } = world;
  await inShop(db.pools, shopId, (tx) => payOut(tx, shopId, id));
  await inShop(db.pools, shopId, (tx) => tx.execute("UPDATE rewards SET code = 'GIVE' WHERE side = 1"));
  const use = (order: number) =>
    inShop(db.pools, shopId, (tx) =>
      tx.execute(
        `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, debit_account, debit_type, credit_account, credit_type, unit, amount, order_id, code, created_at)
         SELECT w.shop_id, $1, 4, 'redeem', w.referral_id, w.id, w.account_id, 'reward_liability', c.id, c.type, w.unit, 300, $2, w.code, $3
           FROM rewards w JOIN ledger_accounts c ON c.type = 'redeemed' AND c.unit = w.unit WHERE w.side = 1`,
        [newId(), order, TIMES.lapsed],
      ),
    );
  const uses = await outcomes(TWENTY.map((_, i) => use(i + 1)));
  expect(uses.filter((outcome) => outcome === 1)).toHaveLength(3);
  expect(await inShop(db.pools, shopId, (tx) => tx.query("SELECT remaining FROM rewards WHERE side = 1"))).toEqual([
    { remaining: 100n },
  ]);
  expect(await inShop(db.pools, shopId, (tx) => tx.query("SELECT FROM check_liability"))).toEqual([]);
});
