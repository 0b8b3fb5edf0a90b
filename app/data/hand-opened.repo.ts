import type { Tx } from "./tenant.ts";

/** Makes openings by hand of one shop wait for each other, so that their cap is a cap. */
export async function lockHandOpening(tx: Tx, shopId: string): Promise<void> {
  await tx.execute("SELECT FROM shops WHERE id = $1 FOR NO KEY UPDATE", [shopId]);
}

/** @returns how many referrals of a shop a person opened by hand since then */
export async function openedByHandSince(tx: Tx, shopId: string, since: Date): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM audit WHERE shop_id = $1 AND action = 'referral.opened_by_hand' AND at > $2",
    [shopId, since],
  );
  return row?.count ?? 0;
}
