import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const LOOK_EVERY_MS = 50;

/** Watches from outside when both rewards of an order are at their people's. */
export type RewardWatch = {
  /** When it was seen of each order that both of its rewards are issued, as `performance.now()` tells time. */
  issuedAt(): ReadonlyMap<string, number>;
  inboxRows(): Promise<number>;
  close(): Promise<void>;
};

/** Connects as the owner and looks every 50 ms. */
export function watchRewards(databaseUrl: string): RewardWatch {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: "bench" });
  const seen = new Map<string, number>();
  let isWanted = true;
  const looking = look();
  async function look(): Promise<void> {
    while (isWanted) {
      const { rows } = await pool.query<{ order: string }>(NEWLY_ISSUED, [[...seen.keys()]]);
      for (const { order } of rows) seen.set(order, performance.now());
      await sleep(LOOK_EVERY_MS);
    }
  }
  return {
    issuedAt: () => seen,
    async inboxRows() {
      const { rows } = await pool.query<{ rows: number }>("SELECT count(*)::int AS rows FROM inbox");
      return rows[0]?.rows ?? 0;
    },
    async close() {
      isWanted = false;
      await looking;
      await pool.end();
    },
  };
}

const NEWLY_ISSUED = `
  SELECT f.qualifying_order::text AS order
    FROM referrals f
   WHERE f.state = 'REWARDED' AND f.qualifying_order <> ALL ($1::bigint[])
     AND 2 = (SELECT count(*) FROM rewards w WHERE w.shop_id = f.shop_id AND w.referral_id = f.id AND w.status = 'issued')`;
