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
  table: "cases" | "code_aliases" | "codes" | "people" | "referrals",
  waiting: number,
  start: () => readonly Promise<Result>[],
): Promise<PromiseSettledResult<Result>[]> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  try {
    await owner.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const runs = Promise.allSettled(start());
    let looks = 0;
    for (; looks < LOOKS_MAX && (await waitingFor(owner, table)) < waiting; looks += 1) await sleep(LOOK_EVERY_MS);
    await owner.query("COMMIT");
    const ended = await runs;
    if (looks === LOOKS_MAX) throw new Error(`fewer than ${waiting} came to wait at ${table}`);
    return ended;
  } finally {
    await owner.end();
  }
}

/** From the locks themselves: what pg_stat_activity says does not change within a transaction. */
async function waitingFor(owner: pg.Client, table: string): Promise<number> {
  const { rows } = await owner.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_locks WHERE relation = $1::regclass AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [table],
  );
  return rows[0]?.waiting ?? 0;
}
