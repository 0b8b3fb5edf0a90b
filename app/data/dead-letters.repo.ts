import type { Tx } from "#app/data/tenant.ts";

export type DeadLetter = {
  readonly kind: "inbox" | "outbox";
  readonly id: string;
  readonly topic: string;
  readonly attempts: number;
  /** Why it was given up, when the record says so. */
  readonly reason: string | null;
  readonly diedAt: Date | null;
  /** A delivery that could not be read would fail again: only the rest may be replayed. */
  readonly canReplay: boolean;
};

/** Lists the rows of a shop that were given up, newest first. */
export async function listDead(tx: Tx, input: { shopId: string; limit: number }): Promise<DeadLetter[]> {
  return tx.query<DeadLetter>(
    `SELECT d.kind, d.id, d.topic, d.attempts, a.reason, a.at AS "diedAt", d.can_replay AS "canReplay"
       FROM (SELECT 'inbox' AS kind, id, topic, attempts, facts IS NOT NULL AS can_replay FROM inbox WHERE shop_id = $1 AND state = 'dead'
             UNION ALL
             SELECT 'outbox', id, topic, attempts, true FROM outbox WHERE shop_id = $1 AND state = 'dead') d
       LEFT JOIN LATERAL (
         SELECT detail ->> 'reason' AS reason, at FROM audit
          WHERE shop_id = $1 AND subject = d.id AND action = d.kind || '.dead' ORDER BY at DESC LIMIT 1) a ON true
      ORDER BY d.id DESC LIMIT $2`,
    [input.shopId, input.limit],
  );
}

/**
 * Makes rows that were given up due again, with all their runs before them, and records who asked for it.
 * Ring both bells of the shop after the commit.
 *
 * @param input.ids Rows to replay; null for every row of the shop that can be.
 * @param input.auditId Id of the record's entry, written when a row was replayed.
 * @returns How many rows are due again.
 */
export async function replayDead(
  tx: Tx,
  input: { shopId: string; ids: readonly string[] | null; now: Date; actor: string; auditId: string },
): Promise<number> {
  const [result] = await tx.query<{ count: number }>(
    `WITH i AS (UPDATE inbox SET state = 'new', attempts = 0, next_at = $3
                 WHERE shop_id = $1 AND state = 'dead' AND facts IS NOT NULL AND ($2::uuid[] IS NULL OR id = ANY ($2)) RETURNING id),
          o AS (UPDATE outbox SET state = 'new', attempts = 0, next_at = $3
                 WHERE shop_id = $1 AND state = 'dead' AND ($2::uuid[] IS NULL OR id = ANY ($2)) RETURNING id),
          n AS (SELECT ((SELECT count(*) FROM i) + (SELECT count(*) FROM o))::int AS count),
          a AS (INSERT INTO audit (shop_id, id, at, actor, action, detail)
                SELECT $1::uuid, $4::uuid, $3::timestamptz, $5, 'work.replayed', jsonb_build_object('rows', n.count) FROM n WHERE n.count > 0)
     SELECT count FROM n`,
    [input.shopId, input.ids, input.now, input.auditId, input.actor],
  );
  return result?.count ?? 0;
}
