import type { Pools } from "#app/data/pools.ts";

export type DueShop = { readonly shopId: string; readonly oldestDueAt: Date };
export type WorkTable = "inbox" | "outbox";

/**
 * Finds the shops with due rows, over all shops and without a row's facts, longest due first. Steps through the index from
 * shop to shop, so that it costs the same however many rows wait.
 *
 * @param limit Shops at most; the others are found next time, since these will have moved on.
 */
export async function findDueShops(
  pools: Pick<Pools, "sweep">,
  table: WorkTable,
  input: { now: Date; limit: number },
): Promise<DueShop[]> {
  const { rows } = await pools.sweep.query<DueShop>(
    `WITH RECURSIVE waiting AS (
       (SELECT shop_id, next_at FROM ${table} WHERE next_at IS NOT NULL ORDER BY shop_id, next_at LIMIT 1)
       UNION ALL
       SELECT following.shop_id, following.next_at FROM waiting w CROSS JOIN LATERAL (
         SELECT shop_id, next_at FROM ${table} WHERE next_at IS NOT NULL AND shop_id > w.shop_id ORDER BY shop_id, next_at LIMIT 1
       ) following
     )
     SELECT shop_id AS "shopId", next_at AS "oldestDueAt" FROM waiting WHERE next_at <= $1 ORDER BY next_at, shop_id LIMIT $2`,
    [input.now, input.limit],
  );
  return rows;
}

/** Counts the due rows of both tables over all shops. */
export async function countDue(pools: Pick<Pools, "sweep">, now: Date): Promise<{ inbox: number; outbox: number }> {
  const { rows } = await pools.sweep.query<{ inbox: number; outbox: number }>(
    `SELECT (SELECT count(*) FROM inbox WHERE next_at <= $1)::int AS inbox,
            (SELECT count(*) FROM outbox WHERE next_at <= $1)::int AS outbox`,
    [now],
  );
  return rows[0] ?? { inbox: 0, outbox: 0 };
}

/**
 * Counts the rows of both tables, over all shops, that come due within a span, leased rows whose lease ends in it among
 * them, and says when the first one does.
 */
export async function countComing(
  pools: Pick<Pools, "sweep">,
  span: { after: Date; until: Date },
): Promise<{ coming: number; firstAt: Date | null }> {
  const { rows } = await pools.sweep.query<{ coming: number; firstAt: Date | null }>(
    `SELECT count(*)::int AS coming, min(next_at) AS "firstAt" FROM (
       SELECT next_at FROM inbox WHERE next_at > $1 AND next_at <= $2
       UNION ALL
       SELECT next_at FROM outbox WHERE next_at > $1 AND next_at <= $2
     ) both_tables`,
    [span.after, span.until],
  );
  return rows[0] ?? { coming: 0, firstAt: null };
}
