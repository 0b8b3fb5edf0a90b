import { newId } from "#app/platform/ids.ts";
import { STATEMENTS } from "./statements.ts";
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
  const { rejected } = args;
  const [referrer, friend] = [1, 2].map((side) => rejected.promised.find((promise) => promise.side === side));
  const [row] = await tx.query<{ opened: number }>(STATEMENTS.openReferral, [
    args.shopId,
    args.referralId,
    args.codeId,
    args.friendPerson,
    rejected.owed,
    args.expiresAt,
    args.evidence === null ? null : JSON.stringify(args.evidence),
    args.reopens,
    [newId(), newId()],
    [referrer?.unit ?? null, friend?.unit ?? null],
    [referrer?.amount ?? null, friend?.amount ?? null],
    newId(),
    args.now,
    newId(),
    args.actor,
  ]);
  return row?.opened === 1;
}
