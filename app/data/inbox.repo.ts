import type { Tx } from "#app/data/tenant.ts";
import { invariant } from "#app/platform/errors.ts";

/** An inbox row that this process has leased. */
export type ClaimedInboxRow = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  readonly facts: unknown;
  /** Runs begun, this one included. */
  readonly attempts: number;
  readonly receivedAt: Date;
  readonly leaseUntil: Date;
};

/** What to lease: rows that are due at `now`, until `leaseUntil`. */
export type Claim = {
  readonly shopId: string;
  readonly now: Date;
  readonly leaseUntil: Date;
  readonly limit: number;
  /** Rows with at least so many runs behind them are the suspects of a crash. */
  readonly suspectFrom: number;
  /** Take suspects only, or everything but them. */
  readonly suspects: boolean;
};

/** What becomes of a leased row that is given up. */
export type InboxDeath = { readonly reason: string; readonly auditId: string; readonly now: Date };

/** Names a leased row and the run that holds it. Both together: a parked row counts its runs from the start again. */
export type Lease = {
  readonly shopId: string;
  readonly id: string;
  readonly attempts: number;
  readonly leaseUntil: Date;
};

/**
 * Leases due rows of one shop, oldest first: counts the run and moves the row out of reach until the lease ends.
 * Rows that another drain is leasing at this moment are skipped. Commit before working on them: then a run that
 * kills the process has been counted.
 */
export async function claimInbox(tx: Tx, claim: Claim): Promise<ClaimedInboxRow[]> {
  const rows = await tx.query<Omit<ClaimedInboxRow, "shopId" | "leaseUntil">>(
    `WITH due AS (
       SELECT id FROM inbox
        WHERE shop_id = $1 AND next_at <= $2 AND state IN ('new', 'parked') AND (attempts >= $5) = $6
        ORDER BY received_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
     UPDATE inbox i SET attempts = i.attempts + 1, next_at = $3
       FROM due WHERE i.shop_id = $1 AND i.id = due.id
     RETURNING i.id, i.topic, i.facts, i.attempts, i.received_at AS "receivedAt"`,
    [claim.shopId, claim.now, claim.leaseUntil, claim.limit, claim.suspectFrom, claim.suspects],
  );
  return rows
    .map((row) => ({ ...row, shopId: claim.shopId, leaseUntil: claim.leaseUntil }))
    .sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime() || (a.id < b.id ? -1 : 1));
}

/** A due inbox row that no run was begun of. */
export type FreshInboxRow = Omit<ClaimedInboxRow, "attempts" | "leaseUntil">;

/**
 * Locks due rows of one shop that no run was begun of, oldest first, until the transaction ends; what others have locked or
 * leased is skipped. Parked rows are not among them: who wakes one has locked its people before, and here they come after the row.
 *
 * @returns `isMore`: rows are due that are not fresh
 */
export async function lockFreshInbox(
  tx: Tx,
  { shopId, now, limit }: { shopId: string; now: Date; limit: number },
): Promise<{ rows: FreshInboxRow[]; isMore: boolean }> {
  const found = await tx.query<Omit<FreshInboxRow, "shopId"> & { isMore: boolean }>(
    `SELECT id, topic, facts, received_at AS "receivedAt",
            EXISTS (SELECT FROM inbox WHERE shop_id = $1 AND next_at <= $2 AND (state = 'parked' OR attempts > 0)) AS "isMore"
       FROM inbox
      WHERE shop_id = $1 AND next_at <= $2 AND state = 'new' AND attempts = 0
      ORDER BY received_at, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [shopId, now, limit],
  );
  return { rows: found.map(({ isMore: _isMore, ...row }) => ({ ...row, shopId })), isMore: found[0]?.isMore ?? true };
}

/** Writes what becomes of rows that `lockFreshInbox` has locked in this transaction. */
export async function endFreshInbox(
  tx: Tx,
  shopId: string,
  rows: readonly { readonly id: string; readonly change: InboxEnd }[],
): Promise<void> {
  const changes = rows.map(({ change }) => change);
  const ended = await tx.execute(
    `UPDATE inbox i SET state = w.to, wake_key = w.wake_key, next_at = w.at
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS w (id, "to", wake_key, at)
      WHERE i.shop_id = $1 AND i.id = w.id AND i.state = 'new' AND i.attempts = 0`,
    [
      shopId,
      rows.map(({ id }) => id),
      changes.map(({ to }) => to),
      changes.map((change) => (change.to === "parked" ? change.wakeKey : null)),
      changes.map((change) => (change.to === "parked" ? change.until : null)),
    ],
  );
  invariant(ended === rows.length, "what is locked is still as it was");
}

/**
 * Gives a leased row up, with an entry in the record.
 *
 * @returns 1, or 0 when the row is no longer this run's: another run leased it, or its own work has ended it already.
 */
export async function buryInbox(tx: Tx, lease: Lease, death: InboxDeath): Promise<number> {
  const row = [lease.shopId, lease.id, lease.attempts, lease.leaseUntil] as const;
  const held = "shop_id = $1 AND id = $2 AND attempts = $3 AND next_at = $4 AND state IN ('new', 'parked')";
  // A delivery may name a shop that we do not know: it has no record to write to.
  return tx.execute(
    `WITH dead AS (
       UPDATE inbox SET state = 'dead', next_at = NULL, wake_key = NULL WHERE ${held} RETURNING shop_id, id, topic, attempts),
     noted AS (
       INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
       SELECT d.shop_id, $5::uuid, $6::timestamptz, 'worker', 'inbox.dead', d.id,
              jsonb_build_object('topic', d.topic, 'attempts', d.attempts, 'reason', $7::text)
         FROM dead d WHERE EXISTS (SELECT FROM shops s WHERE s.id = d.shop_id))
     SELECT FROM dead`,
    [...row, death.auditId, death.now, death.reason],
  );
}

/** What becomes of a row whose work succeeded. */
export type InboxEnd =
  { readonly to: "done" } | { readonly to: "parked"; readonly wakeKey: string; readonly until: Date };

/** What becomes of a leased row. Written only while the row is still leased by the run that says so. */
export type InboxChange = InboxEnd | { readonly to: "later"; readonly at: Date; readonly attempts: number };

/**
 * Writes what became of many leased rows of one claim, in one statement.
 *
 * @returns the ids of those that were still this run's
 */
export async function changeInbox(
  tx: Tx,
  rows: readonly { readonly lease: Lease; readonly change: InboxChange }[],
): Promise<Set<string>> {
  const [first] = rows;
  if (first === undefined) return new Set();
  const { shopId, leaseUntil } = first.lease;
  const changes = rows.map(({ change }) => change);
  const written = await tx.query<{ id: string }>(
    `UPDATE inbox i SET state = CASE WHEN w.to = 'later' THEN i.state ELSE w.to END, attempts = coalesce(w.runs, i.attempts),
                        wake_key = CASE WHEN w.to = 'later' THEN i.wake_key ELSE w.wake_key END, next_at = w.at
       FROM unnest($3::uuid[], $4::int[], $5::text[], $6::int[], $7::text[], $8::timestamptz[]) AS w (id, attempts, "to", runs, wake_key, at)
      WHERE i.shop_id = $1 AND i.id = w.id AND i.attempts = w.attempts AND i.next_at = $2 AND i.state IN ('new', 'parked')
     RETURNING i.id`,
    [
      shopId,
      leaseUntil,
      rows.map(({ lease }) => lease.id),
      rows.map(({ lease }) => lease.attempts),
      changes.map(({ to }) => to),
      changes.map((change) => (change.to === "later" ? change.attempts : change.to === "parked" ? 0 : null)),
      changes.map((change) => (change.to === "parked" ? change.wakeKey : null)),
      changes.map((change) => (change.to === "later" ? change.at : change.to === "parked" ? change.until : null)),
    ],
  );
  return new Set(written.map(({ id }) => id));
}

/** Gives leased rows of one claim back whose work was not begun: due at once, the run uncounted. */
export async function releaseInbox(tx: Tx, leases: readonly Lease[], now: Date): Promise<void> {
  const [first] = leases;
  if (first === undefined) return;
  await tx.execute(
    `UPDATE inbox i SET attempts = i.attempts - 1, next_at = $4
       FROM unnest($2::uuid[], $3::int[]) AS lease (id, attempts)
      WHERE i.shop_id = $1 AND i.id = lease.id AND i.attempts = lease.attempts AND i.next_at = $5 AND i.state IN ('new', 'parked')`,
    [first.shopId, leases.map((lease) => lease.id), leases.map((lease) => lease.attempts), now, first.leaseUntil],
  );
}

/**
 * Makes the parked rows that wait for a fact due at once; ring the shop's inbox bell after the commit.
 *
 * @param wakeKey What the rows wait for, as given when they were parked.
 * @returns How many rows were woken.
 */
export async function wakeParked(tx: Tx, shopId: string, wakeKeys: readonly string[], now: Date): Promise<number> {
  return tx.execute(
    "UPDATE inbox SET next_at = $3 WHERE shop_id = $1 AND wake_key = ANY ($2::text[]) AND state = 'parked' AND next_at > $3",
    [shopId, wakeKeys, now],
  );
}

/**
 * Empties rows that were done before a time: what is left of each keeps a late repetition from being new.
 *
 * @returns How many rows were emptied.
 */
export async function emptyDoneInbox(tx: Tx, shopId: string, before: Date): Promise<number> {
  return tx.execute(
    "UPDATE inbox SET facts = NULL WHERE shop_id = $1 AND state = 'done' AND facts IS NOT NULL AND received_at < $2",
    [shopId, before],
  );
}

/** Empties the rows of a customer who is to be forgotten, done or given up. */
export async function emptyInboxOf(tx: Tx, shopId: string, customerHash: string): Promise<void> {
  await tx.execute(
    `UPDATE inbox SET facts = NULL
      WHERE shop_id = $1 AND state IN ('done', 'dead') AND facts -> 'person' ->> 'customerHash' = $2`,
    [shopId, customerHash],
  );
}
