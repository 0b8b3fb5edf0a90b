import { newId } from "#app/platform/ids.ts";
import { STATEMENTS } from "./statements.ts";
import type { Tx } from "./tenant.ts";

export type Owing = { readonly unit: string; readonly amountMinor: bigint };

export type NewReferral = {
  readonly id: string;
  readonly codeId: string;
  readonly friendPerson: string;
  readonly owed: number;
  readonly expiresAt: Date;
  /** Null for one that a person opens. */
  readonly evidence: object | null;
  /** The rejected referral that this one undoes. */
  readonly reopens?: string;
  /** What is promised to a side; null where nothing is. */
  readonly referrerOwed: Owing | null;
  readonly friendOwed: Owing | null;
};

/** Opens referrals with a pending for each side that is owed. @returns those whose friends had no live or rewarded one already */
export async function insertReferrals(
  tx: Tx,
  args: { shopId: string; now: Date; actor: string },
  referrals: readonly NewReferral[],
): Promise<ReadonlySet<string>> {
  const ids = () => referrals.map(() => newId());
  const rows = await tx.query<{ id: string }>(STATEMENTS.openReferral, [
    args.shopId,
    referrals.map(({ id }) => id),
    referrals.map(({ codeId }) => codeId),
    referrals.map(({ friendPerson }) => friendPerson),
    referrals.map(({ owed }) => owed),
    referrals.map(({ expiresAt }) => expiresAt),
    referrals.map(({ evidence }) => (evidence === null ? null : JSON.stringify(evidence))),
    referrals.map(({ reopens }) => reopens ?? null),
    ids(),
    ids(),
    referrals.map(({ referrerOwed }) => referrerOwed?.unit ?? null),
    referrals.map(({ friendOwed }) => friendOwed?.unit ?? null),
    referrals.map(({ referrerOwed }) => referrerOwed?.amountMinor ?? null),
    referrals.map(({ friendOwed }) => friendOwed?.amountMinor ?? null),
    ids(),
    ids(),
    args.now,
    args.actor,
  ]);
  return new Set(rows.map(({ id }) => id));
}
