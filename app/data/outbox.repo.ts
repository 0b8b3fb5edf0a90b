import type { Claim, Lease } from "#app/data/inbox.repo.ts";
import type { Tx } from "#app/data/tenant.ts";

export const OUTBOX_TOPICS = [
  "referral.meet",
  "referral.screen",
  "referral.settle",
  "referral.expire",
  "reward.fulfil",
  "reward.expire",
  "code.withdraw",
  "note.send",
  "shop.backfill",
  "welcome.refill",
  "welcome.expire",
  "orders.read",
  "owner.meet",
  "words.invite",
  "pixel.activate",
  "flow.trigger",
  "discounts.compare",
  "team.watch",
] as const;
export type OutboxTopic = (typeof OUTBOX_TOPICS)[number];

/** An outbox row that this process has leased. */
export type ClaimedOutboxRow = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  readonly dedupeKey: string;
  readonly payload: Record<string, unknown>;
  /** Runs begun, this one included. */
  readonly attempts: number;
  readonly externalId: string | null;
  readonly leaseUntil: Date;
};

/** What becomes of a leased row. Written only while the row is still leased by the run that says so. */
export type OutboxChange =
  | { readonly to: "done"; readonly externalId: string | null }
  | { readonly to: "later"; readonly at: Date; readonly attempts: number };

/** What becomes of a leased row that is given up. */
export type OutboxDeath = { readonly reason: string; readonly auditId: string; readonly now: Date };

/** Work to be done at or after `nextAt`; `dedupeKey` names the business fact, so that deciding twice is working once. */
export type NewWork = {
  readonly id: string;
  readonly topic: OutboxTopic;
  readonly dedupeKey: string;
  readonly payload: Record<string, unknown>;
  readonly nextAt: Date;
};

/**
 * Writes down work to be done at or after `nextAt`, in the transaction that decided on it; ring the shop's outbox
 * bell after the commit when it is due at once.
 *
 * @returns False when the fact has its row already, whatever became of that row.
 */
export async function enqueueOutbox(
  tx: Tx,
  { shopId, now, ...work }: NewWork & { readonly shopId: string; readonly now: Date },
): Promise<boolean> {
  return (await enqueueAll(tx, shopId, [work], now)) === 1;
}

/** As `enqueueOutbox`, of much work at once. @returns how many of the facts had no row yet */
export async function enqueueAll(tx: Tx, shopId: string, works: readonly NewWork[], now: Date): Promise<number> {
  return tx.execute(
    `INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
     SELECT $1, w.id, w.topic, w.dedupe_key, w.payload::jsonb, w.next_at, $7
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) AS w (id, topic, dedupe_key, payload, next_at)
         ON CONFLICT (shop_id, dedupe_key) DO NOTHING`,
    [
      shopId,
      works.map(({ id }) => id),
      works.map(({ topic }) => topic),
      works.map(({ dedupeKey }) => dedupeKey),
      works.map(({ payload }) => JSON.stringify(payload)),
      works.map(({ nextAt }) => nextAt.toISOString()),
      now,
    ],
  );
}

/** Leases due rows of one shop, longest due first; as `claimInbox`. */
export async function claimOutbox(tx: Tx, claim: Claim): Promise<ClaimedOutboxRow[]> {
  const rows = await tx.query<Omit<ClaimedOutboxRow, "shopId" | "leaseUntil"> & { dueAt: Date }>(
    `WITH due AS (
       SELECT id, next_at FROM outbox
        WHERE shop_id = $1 AND next_at <= $2 AND state IN ('new', 'sending') AND (attempts >= $5) = $6
        ORDER BY next_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
     UPDATE outbox o SET attempts = o.attempts + 1, next_at = $3, lease_until = $3
       FROM due WHERE o.shop_id = $1 AND o.id = due.id
     RETURNING o.id, o.topic, o.dedupe_key AS "dedupeKey", o.payload, o.attempts, o.external_id AS "externalId", due.next_at AS "dueAt"`,
    [claim.shopId, claim.now, claim.leaseUntil, claim.limit, claim.suspectFrom, claim.suspects],
  );
  return rows
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1))
    .map(({ dueAt: _dueAt, ...row }) => ({ ...row, shopId: claim.shopId, leaseUntil: claim.leaseUntil }));
}

/**
 * Gives a leased row up, with an entry in the record.
 *
 * @returns 1, or 0 when the row is no longer this run's.
 */
export async function buryOutbox(tx: Tx, lease: Lease, death: OutboxDeath): Promise<number> {
  const row = [lease.shopId, lease.id, lease.attempts, lease.leaseUntil] as const;
  const held = "shop_id = $1 AND id = $2 AND attempts = $3 AND lease_until = $4 AND state IN ('new', 'sending')";
  return tx.execute(
    `WITH dead AS (
       UPDATE outbox SET state = 'dead', next_at = NULL, lease_until = NULL WHERE ${held} RETURNING shop_id, id, topic, attempts),
     noted AS (
       INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
       SELECT d.shop_id, $5::uuid, $6::timestamptz, 'worker', 'outbox.dead', d.id,
              jsonb_build_object('topic', d.topic, 'attempts', d.attempts, 'reason', $7::text)
         FROM dead d)
     SELECT FROM dead`,
    [...row, death.auditId, death.now, death.reason],
  );
}

/**
 * Writes what became of many leased rows of one claim, in one statement.
 *
 * @returns the ids of those that were still this run's
 */
export async function changeOutbox(
  tx: Tx,
  rows: readonly { readonly lease: Lease; readonly change: OutboxChange }[],
): Promise<Set<string>> {
  const [first] = rows;
  if (first === undefined) return new Set();
  const { shopId, leaseUntil } = first.lease;
  const changes = rows.map(({ change }) => change);
  const written = await tx.query<{ id: string }>(
    `UPDATE outbox o SET state = CASE WHEN c.at IS NULL THEN 'done' ELSE o.state END, attempts = coalesce(c.runs, o.attempts),
                         next_at = c.at, lease_until = NULL, external_id = coalesce(c.external_id, o.external_id)
       FROM unnest($3::uuid[], $4::int[], $5::timestamptz[], $6::int[], $7::text[]) AS c (id, attempts, at, runs, external_id)
      WHERE o.shop_id = $1 AND o.id = c.id AND o.attempts = c.attempts AND o.lease_until = $2 AND o.state IN ('new', 'sending')
     RETURNING o.id`,
    [
      shopId,
      leaseUntil,
      rows.map(({ lease }) => lease.id),
      rows.map(({ lease }) => lease.attempts),
      changes.map((change) => (change.to === "later" ? change.at.toISOString() : null)),
      changes.map((change) => (change.to === "later" ? change.attempts : null)),
      changes.map((change) => (change.to === "done" ? change.externalId : null)),
    ],
  );
  return new Set(written.map(({ id }) => id));
}

/** Gives leased rows of one claim back whose work was not begun: due at once, the run uncounted. */
export async function releaseOutbox(tx: Tx, leases: readonly Lease[], now: Date): Promise<void> {
  const [first] = leases;
  if (first === undefined) return;
  await tx.execute(
    `UPDATE outbox o SET attempts = o.attempts - 1, next_at = $4, lease_until = NULL
       FROM unnest($2::uuid[], $3::int[]) AS lease (id, attempts)
      WHERE o.shop_id = $1 AND o.id = lease.id AND o.attempts = lease.attempts AND o.lease_until = $5 AND o.state IN ('new', 'sending')`,
    [first.shopId, leases.map((lease) => lease.id), leases.map((lease) => lease.attempts), now, first.leaseUntil],
  );
}

const CLAIMED = "sending";

/**
 * Marks a row's call as begun, for work that may happen at most once. Committed before the call is made.
 * @returns false when some run has begun it already
 */
export async function claimForSending(tx: Tx, shopId: string, id: string): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE outbox SET external_id = $3 WHERE shop_id = $1 AND id = $2 AND external_id IS NULL",
    [shopId, id, CLAIMED],
  );
  return count === 1;
}

/** Takes that mark back: the call certainly did nothing. */
export async function unclaimForSending(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.execute("UPDATE outbox SET external_id = NULL WHERE shop_id = $1 AND id = $2 AND external_id = $3", [
    shopId,
    id,
    CLAIMED,
  ]);
}
