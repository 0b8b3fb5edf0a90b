import type { Tx } from "#app/data/tenant.ts";

/** A discount in the shop whose codes share worth, limits and expiry. */
export type DiscountParent = {
  readonly id: string;
  readonly state: "new" | "ready" | "blocked";
  /** The discount's gid, once it exists. */
  readonly externalId: string | null;
  /** The code it is created with: the reward's that came first, so that no code belongs to nobody. */
  readonly firstCode: string;
  readonly createdAt: Date;
};

/**
 * The parent that a reward's code goes under. The first who asks adds it, with its own code as the first; everybody after
 * gets the same one.
 */
export async function parentFor(
  tx: Tx,
  parent: {
    shopId: string;
    id: string;
    termsVersion: number;
    side: 1 | 2;
    expiresAt: Date;
    firstCode: string;
    now: Date;
  },
): Promise<DiscountParent> {
  await tx.execute(
    `INSERT INTO discount_parents (shop_id, id, kind, terms_version, side, expires_at, first_code, created_at)
     VALUES ($1, $2, 'reward', $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [parent.shopId, parent.id, parent.termsVersion, parent.side, parent.expiresAt, parent.firstCode, parent.now],
  );
  const [row] = await tx.query<DiscountParent>(
    `SELECT id, state, external_id AS "externalId", first_code AS "firstCode", created_at AS "createdAt" FROM discount_parents
      WHERE shop_id = $1 AND kind = 'reward' AND terms_version = $2 AND side = $3 AND expires_at = $4 ORDER BY part DESC LIMIT 1`,
    [parent.shopId, parent.termsVersion, parent.side, parent.expiresAt],
  );
  if (row === undefined) throw new Error("a parent that was just added is there");
  return row;
}

/** The discount exists. Its gid is written once. */
export async function markParentReady(tx: Tx, shopId: string, parentId: string, externalId: string): Promise<void> {
  await tx.execute(
    "UPDATE discount_parents SET state = 'ready', external_id = $3 WHERE shop_id = $1 AND id = $2 AND state <> 'ready'",
    [shopId, parentId, externalId],
  );
}

/** The shop refused the discount. */
export async function markParentBlocked(tx: Tx, shopId: string, parentId: string): Promise<void> {
  await tx.execute("UPDATE discount_parents SET state = 'blocked' WHERE shop_id = $1 AND id = $2 AND state = 'new'", [
    shopId,
    parentId,
  ]);
}

/** Counts a code that is now under the parent. */
export async function countCode(tx: Tx, shopId: string, parentId: string): Promise<void> {
  await tx.execute("UPDATE discount_parents SET codes_count = codes_count + 1 WHERE shop_id = $1 AND id = $2", [
    shopId,
    parentId,
  ]);
}
