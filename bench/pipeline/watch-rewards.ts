import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const LOOK_EVERY_MS = 100;
const IDLE_LOOK_EVERY_MS = 500;
/** Between two steps of an order's way there may be an instant without a due row. */
const IDLE_LOOKS = 2;
const IDLE_LOOKS_MAX = 2_400;

/** Watches from outside when both rewards of an order are at their people's. */
export type RewardWatch = {
  /** Begins to look; before that nothing is asked of the database but what is called here. */
  watch(): void;
  /** When it was seen of each order that both of its rewards are issued, as `performance.now()` tells time. */
  issuedAt(): ReadonlyMap<string, number>;
  inboxRows(): Promise<number>;
  /** Waits until no row is left to work on. It looks seldom, since looking costs what is measured. `now`: of the rows' clock. */
  untilIdle(now: () => Promise<Date>): Promise<void>;
  close(): Promise<void>;
};

/** Connects as the owner and looks ten times a second. */
export function watchRewards(databaseUrl: string): RewardWatch {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: "bench" });
  const seen = new Map<string, number>();
  let isWanted = true;
  let looking: Promise<void> = Promise.resolve();
  async function look(): Promise<void> {
    while (isWanted) {
      const { rows } = await pool.query<{ order: string }>(NEWLY_ISSUED, [[...seen.keys()]]);
      for (const { order } of rows) seen.set(order, performance.now());
      await sleep(LOOK_EVERY_MS);
    }
  }
  return {
    watch() {
      looking = look();
    },
    issuedAt: () => seen,
    async inboxRows() {
      const { rows } = await pool.query<{ rows: number }>("SELECT count(*)::int AS rows FROM inbox");
      return rows[0]?.rows ?? 0;
    },
    async untilIdle(now) {
      for (let looks = 0, idle = 0; idle < IDLE_LOOKS; looks += 1) {
        if (looks > IDLE_LOOKS_MAX) throw new Error("the backlog does not come to an end");
        await sleep(IDLE_LOOK_EVERY_MS);
        const { rows } = await pool.query<{ left: boolean }>(LEFT, [await now()]);
        idle = rows[0]?.left === false ? idle + 1 : 0;
      }
    },
    async close() {
      isWanted = false;
      await looking;
      await pool.end();
    },
  };
}

// A leased row is not due, and yet not done. One row is enough to know: counting them all would cost what is measured.
const LEFT = `
  SELECT EXISTS (SELECT FROM inbox WHERE next_at IS NOT NULL AND (state = 'new' OR next_at <= $1))
      OR EXISTS (SELECT FROM outbox WHERE next_at IS NOT NULL AND (next_at <= $1 OR lease_until > $1)) AS left`;

const NEWLY_ISSUED = `
  SELECT f.qualifying_order::text AS order
    FROM referrals f
   WHERE f.state = 'REWARDED' AND f.qualifying_order <> ALL ($1::bigint[])
     AND 2 = (SELECT count(*) FROM rewards w WHERE w.shop_id = f.shop_id AND w.referral_id = f.id AND w.status = 'issued')`;
