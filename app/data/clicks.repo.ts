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

/** @returns the record of a click that a token names, or null when the door could not write it. */
export async function clickRecord(
  tx: Tx,
  args: { shopId: string; clickedAt: Date; clickId: string },
): Promise<ClickRecord | null> {
  const [row] = await tx.query<ClickRecord>(
    `SELECT device, encode(ip_hash, 'hex') AS "ipHash", encode(prefix_hash, 'hex') AS "prefixHash",
            encode(agent_hash, 'hex') AS "agentHash", referrer_host AS "referrerHost", seen_at AS "seenAt"
       FROM clicks WHERE shop_id = $1 AND clicked_at = $2 AND id = $3`,
    [args.shopId, args.clickedAt, args.clickId],
  );
  return row ?? null;
}

/** Writes a click anew from its token, which is the evidence, when the door lost the row. Its network facts stay unknown. */
export async function recreateClick(
  tx: Tx,
  args: { shopId: string; clickedAt: Date; clickId: string; codeId: string | null; flags: number },
): Promise<void> {
  await tx.execute(
    "INSERT INTO clicks (shop_id, clicked_at, id, code_id, flags) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    [args.shopId, args.clickedAt, args.clickId, args.codeId, args.flags],
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
