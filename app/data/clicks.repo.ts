import type { Tx } from "#app/data/tenant.ts";

/** What the door wrote down about a tap; hashes in hex, null where nothing was sent. */
export type ClickRecord = {
  readonly device: string | null;
  readonly ipHash: string | null;
  readonly prefixHash: string | null;
  readonly agentHash: string | null;
  readonly referrerHost: string | null;
  /** When the shop's own page confirmed the tap. */
  readonly seenAt: Date | null;
};

/** What names a click: its own id, and when it was made, which says where its row lies. */
export type ClickKey = { readonly clickedAt: Date; readonly clickId: string };

/** @returns the records of clicks that tokens name, by the ids of the clicks; one that the door could not write is left out. */
export async function clickRecords(
  tx: Tx,
  shopId: string,
  clicks: readonly ClickKey[],
): Promise<ReadonlyMap<string, ClickRecord>> {
  const rows = await tx.query<ClickRecord & { id: string }>(
    `SELECT c.id, c.device, encode(c.ip_hash, 'hex') AS "ipHash", encode(c.prefix_hash, 'hex') AS "prefixHash",
            encode(c.agent_hash, 'hex') AS "agentHash", c.referrer_host AS "referrerHost", c.seen_at AS "seenAt"
       FROM unnest($2::timestamptz[], $3::uuid[]) AS w (clicked_at, id)
       JOIN clicks c ON c.shop_id = $1 AND c.clicked_at = w.clicked_at AND c.id = w.id`,
    [shopId, clicks.map(({ clickedAt }) => clickedAt), clicks.map(({ clickId }) => clickId)],
  );
  return new Map(rows.map(({ id, ...record }) => [id, record]));
}

/** Writes clicks anew from their tokens, which are the evidence, when the door lost the rows. Their network facts stay unknown. */
export async function recreateClicks(
  tx: Tx,
  shopId: string,
  clicks: readonly (ClickKey & { readonly codeId: string | null; readonly flags: number })[],
): Promise<void> {
  if (clicks.length === 0) return;
  await tx.execute(
    `INSERT INTO clicks (shop_id, clicked_at, id, code_id, flags)
     SELECT $1, clicked_at, id, code_id, flags
       FROM unnest($2::timestamptz[], $3::uuid[], $4::uuid[], $5::int[]) AS w (clicked_at, id, code_id, flags)
     ON CONFLICT DO NOTHING`,
    [
      shopId,
      clicks.map(({ clickedAt }) => clickedAt),
      clicks.map(({ clickId }) => clickId),
      clicks.map(({ codeId }) => codeId),
      clicks.map(({ flags }) => flags),
    ],
  );
}

/** Notes that a page in sight confirmed a tap, and on which device; the first that says so counts. @returns whether there is a row */
export async function noteSeenClick(
  tx: Tx,
  seen: { shopId: string; clickedAt: Date; clickId: string; device: string | null; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE clicks SET seen_at = coalesce(seen_at, $5), device = coalesce(device, $4::uuid)
      WHERE shop_id = $1 AND clicked_at = $2 AND id = $3`,
    [seen.shopId, seen.clickedAt, seen.clickId, seen.device, seen.now],
  );
  return count > 0;
}

/** Notes that the theme embed runs, at most once in `everyMs`: every visitor says so, and the row is one. */
export async function noteEmbedSeen(tx: Tx, shopId: string, now: Date, everyMs: number): Promise<void> {
  await tx.execute("UPDATE shops SET embed_seen_at = $2 WHERE id = $1 AND coalesce(embed_seen_at, '-infinity') < $3", [
    shopId,
    now,
    new Date(now.getTime() - everyMs),
  ]);
}

/** @returns when the theme embed last said that it runs; null when it never did. */
export async function embedSeenAt(tx: Tx, shopId: string): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>("SELECT embed_seen_at AS at FROM shops WHERE id = $1", [shopId]);
  return row?.at ?? null;
}
