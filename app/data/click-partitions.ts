import type pg from "pg";

const MONTHS_AHEAD = 3;

/** What `ensureClickPartitions` did. */
export type PartitionsMade = { readonly made: string[] };

/**
 * Makes the monthly partitions of `clicks` for this month and the next three. Made ahead of time, they are empty when
 * they are attached, so that no tap waits; rows that fell into the default partition meanwhile are moved over.
 *
 * @param client A connection of the tables' owner: the runtime roles may not do this.
 * @param now By the application's clock.
 * @returns The names of the partitions that were missing.
 */
export async function ensureClickPartitions(client: pg.ClientBase, now: Date): Promise<PartitionsMade> {
  const made: string[] = [];
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) {
    const from = monthStart(now, ahead);
    const name = `clicks_${from.toISOString().slice(0, 7).replace("-", "_")}`;
    if (await makePartition(client, { name, from, until: monthStart(now, ahead + 1) })) made.push(name);
  }
  return { made };
}

/**
 * Drops the monthly partitions that hold nothing younger than `before`.
 *
 * @param client A connection of the tables' owner.
 * @param before Window, cooling-off and 90 days ago: no rule looks at a click that is older.
 * @returns The names of the partitions that were dropped.
 */
export async function dropClickPartitions(client: pg.ClientBase, before: Date): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'clicks'::regclass AND c.relname ~ '^clicks_[0-9]{4}_[0-9]{2}$' ORDER BY 1`,
  );
  const old = rows.map((row) => row.name).filter((name) => monthEnd(name) <= before);
  for (const name of old) await client.query(`DROP TABLE ${client.escapeIdentifier(name)}`);
  return old;
}

function monthStart(now: Date, ahead: number): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
}

function monthEnd(name: string): Date {
  const [year, month] = name.replace("clicks_", "").split("_").map(Number);
  return new Date(Date.UTC(year ?? 0, month ?? 0, 1)); // months count from 0 here, so this is the month after
}

type Month = { name: string; from: Date; until: Date };

async function makePartition(client: pg.ClientBase, { name, from, until }: Month): Promise<boolean> {
  const table = client.escapeIdentifier(name);
  const [start, end] = [from, until].map((date) => client.escapeLiteral(date.toISOString()));
  await client.query("BEGIN");
  try {
    // Two processes may come at once: the second waits, then finds the partition there.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('clicks partitions'))");
    const { rows } = await client.query<{ exists: boolean }>("SELECT to_regclass($1) IS NOT NULL AS exists", [name]);
    const missing = rows[0]?.exists !== true;
    if (missing) {
      await client.query(`CREATE TABLE ${table} (LIKE clicks INCLUDING DEFAULTS)`);
      // An owner that is no superuser is held by the policies too, and the default partition has none.
      await client.query("ALTER TABLE clicks_default NO FORCE ROW LEVEL SECURITY");
      await client.query(`WITH late AS (DELETE FROM clicks_default WHERE clicked_at >= ${start} AND clicked_at < ${end} RETURNING *)
                          INSERT INTO ${table} SELECT * FROM late`);
      await client.query("ALTER TABLE clicks_default FORCE ROW LEVEL SECURITY");
      // Like the default one: policies are forced and there are none, so nobody gets past the parent.
      await client.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      await client.query(`ALTER TABLE clicks ATTACH PARTITION ${table} FOR VALUES FROM (${start}) TO (${end})`);
    }
    await client.query("COMMIT");
    return missing;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}
