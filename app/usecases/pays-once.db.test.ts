import { afterAll, expect, test } from "vitest";
import pg from "pg";
import { createPools } from "#app/data/pools.ts";
import { newId } from "#app/platform/ids.ts";
import { heldUp } from "#test/builders/held-up.ts";
import { buildUseCases } from "#test/builders/usecases.ts";
import type { UseCases } from "#test/builders/usecases.ts";
import { convertedFriend, COOLING_OFF_MS, findingsOf, onlyReferral, paidOf } from "#test/builders/journeys.ts";
import { cloneDatabase, dropTestDatabase } from "#test/harness/cluster.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";
import type { WorkVerdict } from "./ports.ts";
import { settleReferral } from "./settle-referral.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const TWENTY = Array.from({ length: 20 });

async function settleOnce(world: UseCases): Promise<WorkVerdict> {
  return settleReferral(world, await world.outboxRow("referral.settle"));
}

/** Twenty settlings of one due referral, all of which have read it pending. */
async function settleTwenty(world: UseCases, waiting: number): Promise<PromiseSettledResult<WorkVerdict>[]> {
  const row = await world.outboxRow("referral.settle");
  return heldUp(world.databaseUrl, "referrals", waiting, () => TWENTY.map(() => settleReferral(world, row)));
}

/** A copy of the database with guards taken away. */
async function without(remove: string, run: (world: UseCases) => Promise<void>): Promise<void> {
  const databaseUrl = await cloneDatabase(db.databaseUrl, `goodword_unguarded_${newId().slice(-12)}`);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(remove);
  await client.end();
  const pools = createPools({ databaseUrl, connectionsMax: 20 });
  try {
    await run(await buildUseCases({ pools, databaseUrl }));
  } finally {
    await pools.end();
    await dropTestDatabase(databaseUrl);
  }
}

/** Anybody may put a paid referral back and pay it again: what then refuses is a constraint, and its name is told. */
async function payAgain(world: UseCases): Promise<string> {
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  await settleOnce(world);
  await world.query("UPDATE referrals SET state = 'PENDING', decided_at = NULL");
  const again = await settleOnce(world).catch((error: unknown) => error);
  if (again instanceof pg.DatabaseError) return again.constraint ?? again.message;
  if (again instanceof Error) throw again;
  const { rewards, posts } = await paidOf(world);
  return `paid: ${rewards} rewards, ${posts} posts`;
}

const REFERRAL_GUARDS = `DROP TRIGGER referral_guard ON referrals; DROP TRIGGER referral_agrees ON referrals;
  ALTER TABLE ledger_transfers DROP CONSTRAINT resolution_fits_state; DROP INDEX one_settling_entry`;

// These come first: a database is only copied while nobody is connected to it.
test("without the guards of the referral a second payout is refused by the ledger, and without its by the rewards", async () => {
  await without(REFERRAL_GUARDS, async (world) => expect(await payAgain(world)).toBe("one_resolution"));
  await without(`${REFERRAL_GUARDS}; DROP INDEX one_resolution`, async (world) =>
    expect(await payAgain(world)).toBe("one_earned"),
  );
});

test("with every guard dropped a second payout doubles: so they are what makes it one", async () => {
  await without(`${REFERRAL_GUARDS}; DROP INDEX one_resolution; DROP INDEX one_earned`, async (world) =>
    expect(await payAgain(world)).toBe("paid: 4 rewards, 4 posts"),
  );
});

test("twenty settlings at once pay once: two rewards, two posts, two codes to send", async () => {
  const world = await buildUseCases(db);
  await convertedFriend(world);
  world.clock.skip(COOLING_OFF_MS);
  const ended = await settleTwenty(world, 10);
  expect(ended.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(await onlyReferral(world)).toMatchObject({ state: "REWARDED" });
  expect(await paidOf(world)).toEqual({ rewards: 2, posts: 2 });
  expect(await world.query("SELECT FROM outbox WHERE topic = 'reward.fulfil'")).toHaveLength(2);
  expect(await world.query("SELECT FROM audit WHERE action = 'referral.rewarded'")).toHaveLength(1);
  await world.work();
  expect(await findingsOf(world)).toEqual([]);
});
