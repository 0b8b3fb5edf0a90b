import type { Tx } from "./tenant.ts";

/** Keeps what was learned of a settled referral; everything else of it stays as it was settled. */
export async function keepLaterFacts(
  tx: Tx,
  args: { shopId: string; referralId: string; facts: Readonly<Record<string, unknown>> },
): Promise<void> {
  await tx.execute("UPDATE referrals SET later_facts = $3 WHERE shop_id = $1 AND id = $2", [
    args.shopId,
    args.referralId,
    JSON.stringify(args.facts),
  ]);
}

/** Notes that the order of an open referral changed: what was read of it before is out of date. */
export async function noteChangedOrder(tx: Tx, shopId: string, referralId: string): Promise<void> {
  await tx.execute(
    "UPDATE referrals SET version = version + 1 WHERE shop_id = $1 AND id = $2 AND state IN ('PENDING', 'HELD')",
    [shopId, referralId],
  );
}
