import { insertReferrals } from "./new-referrals.repo.ts";
import type { Tx } from "./tenant.ts";

/** What an undo copies from the referral that it undoes, beside what `ReferralRow` holds. */
export type RejectedReferral = {
  /** 1 referrer, 3 both: the sides that were promised something. */
  readonly owed: number;
  readonly undone: boolean;
  /** What was promised by side, as it was written down when the referral opened. */
  readonly promised: readonly { readonly side: 1 | 2; readonly unit: string; readonly amount: bigint }[];
};

/** @returns what an undo needs to know of a referral */
export async function rejectedReferral(tx: Tx, shopId: string, referralId: string): Promise<RejectedReferral | null> {
  const [row] = await tx.query<{ owed: number; undone: boolean }>(
    `SELECT owed, EXISTS (SELECT FROM referrals u WHERE u.shop_id = r.shop_id AND u.reopens = r.id) AS undone
       FROM referrals r WHERE shop_id = $1 AND id = $2`,
    [shopId, referralId],
  );
  if (row === undefined) return null;
  const promised = await tx.query<RejectedReferral["promised"][number]>(
    "SELECT side, unit, amount FROM ledger_transfers WHERE shop_id = $1 AND referral_id = $2 AND kind = 1 ORDER BY side",
    [shopId, referralId],
  );
  return { ...row, promised };
}

/** Opens the one referral that undoes a rejected one, on the same code. @returns false when the friend has another */
export async function reopenReferral(
  tx: Tx,
  args: {
    shopId: string;
    referralId: string;
    reopens: string;
    codeId: string;
    friendPerson: string;
    rejected: RejectedReferral;
    expiresAt: Date;
    evidence: object | null;
    now: Date;
    actor: string;
  },
): Promise<boolean> {
  const { shopId, now, actor, rejected, ...referral } = args;
  const [referrerOwed = null, friendOwed = null] = [1, 2].map((side) => {
    const promise = rejected.promised.find((one) => one.side === side);
    return promise === undefined ? null : { unit: promise.unit, amountMinor: promise.amount };
  });
  const { owed } = rejected;
  const row = { ...referral, id: args.referralId, owed, referrerOwed, friendOwed };
  return (await insertReferrals(tx, { shopId, now, actor }, [row])).size === 1;
}
