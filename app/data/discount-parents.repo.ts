import type { Tx } from "#app/data/tenant.ts";

/** A discount in the shop whose codes share worth, limits and expiry. */
export type DiscountParent = {
  readonly id: string;
  readonly state: "new" | "ready" | "blocked" | "gone";
  /** The discount's gid, once it exists. */
  readonly externalId: string | null;
  /** The code it is created with: the reward's that came first, so that no code belongs to nobody. */
  readonly firstCode: string;
  /** 1 for the first; the next one when a discount was deleted by the merchant. */
  readonly part: number;
  readonly createdAt: Date;
};

export type ParentKey = {
  readonly shopId: string;
  readonly termsVersion: number;
  readonly side: 1 | 2;
  readonly expiresAt: Date;
  /** The reward that has a discount to itself, or null for one that is shared. */
  readonly rewardId: string | null;
};

/** One discount deleted again and again is no accident: then a person has to look. */
const PARTS_MAX = 100;

/**
 * The parent that a reward's code goes under. The first who asks adds it, with its own code as the first; everybody after
 * gets the same one. A parent that is gone is followed by its next part.
 */
export async function parentFor(
  tx: Tx,
  parent: ParentKey & { id: string; firstCode: string; now: Date },
): Promise<DiscountParent> {
  const newest = await newestPart(tx, parent);
  if (newest !== null && (newest.state !== "gone" || newest.part >= PARTS_MAX)) return newest;
  await tx.execute(
    `INSERT INTO discount_parents (shop_id, id, kind, terms_version, side, expires_at, reward_id, first_code, part, created_at)
     VALUES ($1, $2, 'reward', $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      parent.shopId,
      parent.id,
      parent.termsVersion,
      parent.side,
      parent.expiresAt,
      parent.rewardId,
      parent.firstCode,
      (newest?.part ?? 0) + 1,
      parent.now,
    ],
  );
  const added = await newestPart(tx, parent);
  if (added === null) throw new Error("a parent that was just added is there");
  return added;
}

async function newestPart(tx: Tx, key: ParentKey): Promise<DiscountParent | null> {
  const which =
    key.rewardId === null
      ? "reward_id IS NULL AND terms_version = $2 AND side = $3 AND expires_at = $4 AND $5::uuid IS NULL"
      : "reward_id = $5::uuid AND terms_version = $2 AND side = $3 AND expires_at = $4";
  const [row] = await tx.query<DiscountParent>(
    `SELECT id, state, external_id AS "externalId", first_code AS "firstCode", part, created_at AS "createdAt" FROM discount_parents
      WHERE shop_id = $1 AND kind = 'reward' AND ${which} ORDER BY part DESC LIMIT 1`,
    [key.shopId, key.termsVersion, key.side, key.expiresAt, key.rewardId],
  );
  return row ?? null;
}

/** The discount exists. Its gid is written once. */
export async function markParentReady(tx: Tx, shopId: string, parentId: string, externalId: string): Promise<void> {
  await tx.execute(
    "UPDATE discount_parents SET state = 'ready', external_id = $3 WHERE shop_id = $1 AND id = $2 AND state IN ('new', 'blocked')",
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

/** The merchant deleted the discount: the codes that come next need another one. @returns false when that was known */
export async function markParentGone(tx: Tx, shopId: string, parentId: string): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE discount_parents SET state = 'gone' WHERE shop_id = $1 AND id = $2 AND state = 'ready'",
    [shopId, parentId],
  );
  return count === 1;
}

/** Counts codes that are now under the parent. */
export async function countCodes(tx: Tx, shopId: string, parentId: string, count: number): Promise<void> {
  await tx.execute("UPDATE discount_parents SET codes_count = codes_count + $3 WHERE shop_id = $1 AND id = $2", [
    shopId,
    parentId,
    count,
  ]);
}

export type ParentDiscount = {
  readonly kind: "reward" | "welcome";
  readonly discountId: string | null;
  readonly firstCode: string | null;
};

/** @returns what a parent is in the shop; it exists, since a key points at it */
export async function discountOfParent(tx: Tx, shopId: string, parentId: string): Promise<ParentDiscount> {
  const [row] = await tx.query<ParentDiscount>(
    `SELECT kind, external_id AS "discountId", first_code AS "firstCode" FROM discount_parents WHERE shop_id = $1 AND id = $2`,
    [shopId, parentId],
  );
  if (row === undefined) throw new Error("a parent that is pointed at is there");
  return row;
}
