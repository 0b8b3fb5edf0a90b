import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

const LOOKS_MAX = 600;
const LOOK_MS = 5;

/** How many stood at the gate when it opened, and what became of them. */
export type Rush<Result> = { readonly atOnce: number; readonly outcomes: readonly PromiseSettledResult<Result>[] };

/**
 * Runs all works at the same time, and means it: a lock on the table holds every one of them back at its first write,
 * until all have come that far with what they had read before. Then they are let go together.
 */
export async function rush<Result>(
  owner: pg.Pool,
  table: string,
  works: readonly (() => Promise<Result>)[],
): Promise<Rush<Result>> {
  const gate = await owner.connect();
  try {
    await gate.query(`BEGIN; LOCK TABLE ${gate.escapeIdentifier(table)} IN EXCLUSIVE MODE`);
    const all = Promise.allSettled(works.map((work) => work()));
    const atOnce = await untilWaiting(owner, works.length);
    await gate.query("COMMIT");
    return { atOnce, outcomes: await all };
  } finally {
    gate.release(true);
  }
}

async function untilWaiting(owner: pg.Pool, wanted: number): Promise<number> {
  let waiting = 0;
  for (let looks = 0; looks < LOOKS_MAX && waiting < wanted; looks += 1) {
    await sleep(LOOK_MS);
    const { rows } = await owner.query<{ waiting: number }>(
      "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    waiting = rows[0]?.waiting ?? 0;
  }
  return waiting;
}
