import type { OutboxTopic } from "./outbox.repo.ts";
import type { Tx } from "./tenant.ts";

export type StandingWork = {
  readonly id: string;
  readonly shopId: string;
  readonly topic: Extract<OutboxTopic, "orders.read" | "discounts.compare">;
  /** What its next run is asked for; takes the place of whatever it was at. */
  readonly payload?: Record<string, unknown>;
  readonly now: Date;
};

/**
 * Makes work due that every installed shop has for good: its one row is written where it is missing, and revived where it
 * ended. A row that is being worked on at this moment is left to its run.
 *
 * @returns whether the work is due now
 */
export async function wakeStandingWork(tx: Tx, work: StandingWork): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at) VALUES ($1, $2, $3, $3, $4, $5, $5)
     ON CONFLICT (shop_id, dedupe_key) DO UPDATE
        SET state = 'new', attempts = 0, next_at = excluded.next_at, payload = excluded.payload
      WHERE outbox.lease_until IS NULL OR outbox.lease_until <= excluded.next_at`,
    [work.shopId, work.id, work.topic, JSON.stringify(work.payload ?? {}), work.now],
  );
  return count === 1;
}

/** As `wakeStandingWork`, but leaves a row alone that will come by itself. @returns whether the row was missing or had ended */
export async function keepStandingWork(tx: Tx, work: StandingWork): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at) VALUES ($1, $2, $3, $3, $4, $5, $5)
     ON CONFLICT (shop_id, dedupe_key) DO UPDATE SET state = 'new', attempts = 0, next_at = excluded.next_at
      WHERE outbox.state IN ('done', 'dead')`,
    [work.shopId, work.id, work.topic, JSON.stringify(work.payload ?? {}), work.now],
  );
  return count === 1;
}

/** Lets work come sooner than it would, at the latest by `now`; a row that is missing is left to whoever keeps it. */
export async function hastenStandingWork(tx: Tx, work: Pick<StandingWork, "shopId" | "topic" | "now">): Promise<void> {
  await tx.execute(
    `UPDATE outbox SET next_at = $3 WHERE shop_id = $1 AND dedupe_key = $2 AND state = 'new' AND next_at > $3
        AND (lease_until IS NULL OR lease_until < $3)`,
    [work.shopId, work.topic, work.now],
  );
}
