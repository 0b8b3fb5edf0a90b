import type { Tx } from "#app/data/tenant.ts";

/** What the door wrote down about a tap; hashes in hex, null where nothing was sent. */
export type ClickRecord = {
  readonly device: string | null;
  readonly ipHash: string | null;
  readonly prefixHash: string | null;
  readonly agentHash: string | null;
  readonly referrerHost: string | null;
};

/** @returns the record of a click that a token names, or null when the door could not write it. */
export async function clickRecord(
  tx: Tx,
  args: { shopId: string; clickedAt: Date; clickId: string },
): Promise<ClickRecord | null> {
  const [row] = await tx.query<ClickRecord>(
    `SELECT device, encode(ip_hash, 'hex') AS "ipHash", encode(prefix_hash, 'hex') AS "prefixHash",
            encode(agent_hash, 'hex') AS "agentHash", referrer_host AS "referrerHost"
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
