import type { BlockKind } from "#app/domain/screen/features.ts";
import type { Tx } from "./tenant.ts";

/** One entry of a merchant's block list that counts. */
export type BlockRow = {
  readonly id: string;
  readonly kind: BlockKind;
  /** A person's or a code's id, or a domain in lower case. */
  readonly subject: string;
  readonly reason: string;
  /** The subject of the session token. */
  readonly addedBy: string;
  readonly addedAt: Date;
};

const BLOCKS_SHOWN_MAX = 500;

/** Lists somebody or something. @returns false when it is listed already */
export async function insertBlock(tx: Tx, row: BlockRow & { shopId: string }): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO block_list (shop_id, id, kind, subject, reason, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [row.shopId, row.id, row.kind, row.subject, row.reason, row.addedBy, row.addedAt],
  );
  return count === 1;
}

/** Takes an entry off the list; it stays as a record. @returns what it named, or null when it does not count (any more) */
export async function removeBlock(
  tx: Tx,
  args: { shopId: string; id: string; actor: string; now: Date },
): Promise<{ kind: BlockKind; subject: string } | null> {
  const [row] = await tx.query<{ kind: BlockKind; subject: string }>(
    `UPDATE block_list SET removed_by = $3, removed_at = $4 WHERE shop_id = $1 AND id = $2 AND removed_at IS NULL
     RETURNING kind, subject`,
    [args.shopId, args.id, args.actor, args.now],
  );
  return row ?? null;
}

/** @returns the entries that count, newest first, at most 500. */
export async function blocksOf(tx: Tx, shopId: string): Promise<BlockRow[]> {
  return tx.query<BlockRow>(
    `SELECT id, kind, subject, reason, added_by AS "addedBy", added_at AS "addedAt"
       FROM block_list WHERE shop_id = $1 AND removed_at IS NULL ORDER BY added_at DESC, id DESC LIMIT ${BLOCKS_SHOWN_MAX}`,
    [shopId],
  );
}
