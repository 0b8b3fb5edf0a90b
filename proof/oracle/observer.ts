import pg from "pg";
import type { StoredReferral } from "./judge.ts";

/** Rows that a process had begun and not ended, and what PostgreSQL itself was doing. */
export type UnderWay = { readonly inbox: number; readonly outbox: number; readonly statements: number };

/** Looks into the database from outside, as its owner: it sees every shop and changes no row. */
export type Observer = {
  /** @param span simulated instants: a lease that was taken within it and has not been given back counts */
  underWay(span: { from: Date; to: Date; leaseMs: number }): Promise<UnderWay>;
  /** Rows that are stored and not begun. */
  waitingRows(): Promise<number>;
  /** Rows that are due at `now`, begun or not. */
  dueRows(now: Date): Promise<number>;
  /** Whether a row is due at `now`: found through an index, however many rows there have ever been. */
  isAnyDue(now: Date): Promise<boolean>;
  referrals(): Promise<StoredReferral[]>;
  /** How many rows each `check_*` view has. */
  checks(now: Date): Promise<Record<string, number>>;
  /** Runs any other statement. @returns its rows */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

/** Connects on first use. A connection that a kill cut is replaced. */
export function createObserver(databaseUrl: string): Observer {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 2,
    application_name: "proof",
    connectionTimeoutMillis: 5_000,
  });
  pool.on("error", () => undefined); // the kill of the database is the experiment
  const rowsOf = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row & pg.QueryResultRow>(text, values)).rows;
  return {
    async underWay({ from, to, leaseMs }) {
      const [row] = await rowsOf<UnderWay>(UNDER_WAY, [from, new Date(to.getTime() + leaseMs)]);
      return row ?? { inbox: 0, outbox: 0, statements: 0 };
    },
    async waitingRows() {
      const [row] = await rowsOf<{ rows: number }>(
        `SELECT (SELECT count(*) FROM inbox WHERE state = 'new' AND attempts = 0)::int
              + (SELECT count(*) FROM outbox WHERE state = 'new' AND attempts = 0 AND lease_until IS NULL AND topic IN ('reward.fulfil', 'note.send'))::int AS rows`,
      );
      return row?.rows ?? 0;
    },
    async dueRows(now) {
      const [row] = await rowsOf<{ rows: number }>(
        "SELECT (SELECT count(*) FROM inbox WHERE next_at <= $1)::int + (SELECT count(*) FROM outbox WHERE next_at <= $1 OR lease_until > $1)::int AS rows",
        [now],
      );
      return row?.rows ?? 0;
    },
    async isAnyDue(now) {
      const [row] = await rowsOf<{ due: boolean }>(
        `SELECT coalesce((SELECT next_at <= $1 FROM inbox WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1), false)
             OR coalesce((SELECT next_at <= $1 FROM outbox WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1), false) AS due`,
        [now],
      );
      return row?.due ?? false;
    },
    referrals: () => rowsOf<StoredReferral>(REFERRALS),
    async checks(now) {
      const views = await rowsOf<{ name: string }>(
        "SELECT relname AS name FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND relname LIKE 'check\\_%' ORDER BY 1",
      );
      const client = await pool.connect();
      try {
        // What is checked has only just been written, and plans that take the tables for empty never come to an end.
        await client.query("ANALYZE");
        await client.query("SELECT set_config('app.now', $1, false)", [now.toISOString()]);
        const counts: Record<string, number> = {};
        for (const { name } of views) {
          const { rows } = await client.query<{ count: number }>(
            `SELECT count(*)::int AS count FROM ${client.escapeIdentifier(name)}`,
          );
          counts[name] = rows[0]?.count ?? 0;
        }
        return counts;
      } finally {
        client.release(true);
      }
    },
    query: (text, values = []) => rowsOf<Record<string, unknown>>(text, [...values]),
    close: () => pool.end(),
  };
}

// A leased row is out of reach until its lease ends; a parked or retried one waits for longer than a lease.
const UNDER_WAY = `
  SELECT (SELECT count(*) FROM inbox WHERE state IN ('new', 'parked') AND attempts > 0 AND next_at > $1 AND next_at <= $2)::int AS inbox,
         (SELECT count(*) FROM outbox WHERE state IN ('new', 'sending') AND lease_until > $1 AND lease_until <= $2)::int AS outbox,
         (SELECT count(*) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
             AND application_name LIKE 'gw\\_%' AND state IN ('active', 'idle in transaction'))::int AS statements`;

const REFERRALS = `
  SELECT s.domain AS shop, r.qualifying_order::text AS "orderId", r.state, r.reason,
         coalesce(jsonb_agg(jsonb_build_object('side', w.side, 'code', w.code, 'status', w.status)) FILTER (WHERE w.id IS NOT NULL), '[]') AS rewards
    FROM referrals r
    JOIN shops s ON s.id = r.shop_id
    LEFT JOIN rewards w ON w.shop_id = r.shop_id AND w.referral_id = r.id
   WHERE r.qualifying_order IS NOT NULL
   GROUP BY s.domain, r.shop_id, r.id`;
