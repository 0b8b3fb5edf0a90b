import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const LOOKS_MAX = 400;
const LOOK_EVERY_MS = 25;

/**
 * Starts work that writes to a table, keeps the table shut until so many of them wait at it, and lets all go at once: what
 * they had read before is then the same for everybody, whatever the machine's speed.
 */
export async function heldUp<Result>(
  databaseUrl: string,
  table: "codes" | "referrals",
  waiting: number,
  start: () => readonly Promise<Result>[],
): Promise<PromiseSettledResult<Result>[]> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  try {
    await owner.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const runs = Promise.allSettled(start());
    for (let looks = 0; looks < LOOKS_MAX && (await waitingFor(owner)) < waiting; looks += 1)
      await sleep(LOOK_EVERY_MS);
    await owner.query("COMMIT");
    return await runs;
  } finally {
    await owner.end();
  }
}

async function waitingFor(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ waiting: number }>(
    "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0]?.waiting ?? 0;
}
