import { newId } from "#app/platform/ids.ts";
import type { RewardRow, RewardStatus } from "./rewards.repo.ts";
import { STATEMENTS } from "./statements.ts";
import type { Tx } from "./tenant.ts";

/** A reward with a code, locked until the transaction ends. */
export type SpendableReward = Pick<RewardRow, "id" | "kind" | "status" | "unit" | "amount" | "referralId"> & {
  /** Not used, issued, set off or broken off yet, in the unit's minor part. */
  readonly remaining: bigint;
  /** As the ledger spells it. */
  readonly code: string;
  readonly expiresAt: Date | null;
  /** The canonical person. */
  readonly personId: string;
  readonly isReplaced: boolean;
};

/** An entry that a reward's code has on an order. */
export type UseEntry = { readonly id: string; readonly purpose: string; readonly isReversed: boolean };

const SPENDABLE_COLUMNS = `w.id, w.kind, w.status, w.unit, w.amount, w.remaining, w.code, w.referral_id AS "referralId",
  w.expires_at AS "expiresAt", coalesce(p.merged_into, p.id) AS "personId",
  EXISTS (SELECT FROM rewards n WHERE n.shop_id = w.shop_id AND n.replaces = w.id) AS "isReplaced"`;
const SPENDABLE_TABLES = "rewards w JOIN people p ON p.shop_id = w.shop_id AND p.id = w.person_id";

/**
 * Finds and locks the reward that a code belongs to, typed in any case. A welcome code is no reward of this kind: its
 * cost is booked when it is used, whatever becomes of the referral.
 */
export async function lockRewardOfCode(tx: Tx, shopId: string, code: string): Promise<SpendableReward | null> {
  const [row] = await tx.query<SpendableReward>(
    `SELECT ${SPENDABLE_COLUMNS} FROM ${SPENDABLE_TABLES}
      WHERE w.shop_id = $1 AND w.code = $2 AND w.kind <> 'welcome' FOR UPDATE OF w`,
    [shopId, code.toUpperCase()],
  );
  return row ?? null;
}

/** As `lockRewardOfCode`, by id and of any kind; null when it has no code. */
export async function lockSpendable(tx: Tx, shopId: string, rewardId: string): Promise<SpendableReward | null> {
  const [row] = await tx.query<SpendableReward>(
    `SELECT ${SPENDABLE_COLUMNS} FROM ${SPENDABLE_TABLES}
      WHERE w.shop_id = $1 AND w.id = $2 AND w.code IS NOT NULL FOR UPDATE OF w`,
    [shopId, rewardId],
  );
  return row ?? null;
}

/** @returns what is booked of this reward's code on this order: none, or everything that its use was booked as. */
export function usesOnOrder(tx: Tx, shopId: string, rewardId: string, orderId: string): Promise<UseEntry[]> {
  return tx.query<UseEntry>(
    `SELECT t.id, t.purpose, EXISTS (SELECT FROM ledger_transfers v WHERE v.shop_id = t.shop_id AND v.reverses = t.id) AS "isReversed"
       FROM ledger_transfers t
      WHERE t.shop_id = $1 AND t.reward_id = $2 AND t.order_id = $3 AND t.purpose IN ('redeem', 'breakage', 'coupon_cost')`,
    [shopId, rewardId, orderId],
  );
}

/** Books a use by `redeem.sql`. @returns how many entries that made; 0 when it was booked before */
export async function bookUse(
  tx: Tx,
  use: {
    shopId: string;
    rewardId: string;
    orderId: string;
    code: string;
    amountMinor: bigint;
    currency: string;
    now: Date;
  },
): Promise<number> {
  const [row] = await tx.query<{ booked: number }>(STATEMENTS.redeem, [
    use.shopId,
    use.rewardId,
    use.orderId,
    use.code,
    use.amountMinor,
    use.currency,
    [newId(), newId(), newId()],
    use.now,
  ]);
  return row?.booked ?? 0;
}

/** Books the mirror of each entry, naming the case that tells of it. Once per entry, which the table sees to. */
export function reverseUses(
  tx: Tx,
  args: { shopId: string; entries: readonly UseEntry[]; caseId: string; now: Date },
): Promise<number> {
  return tx.execute(
    `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, case_id, reverses,
            debit_account, debit_type, credit_account, credit_type, unit, amount, order_id, code, created_at)
     SELECT t.shop_id, n.id, 4, 'reverse', t.referral_id, t.reward_id, $4, t.id,
            t.credit_account, t.credit_type, t.debit_account, t.debit_type, t.unit, t.amount, t.order_id, t.code, $5
       FROM unnest($2::uuid[], $3::uuid[]) AS n (reverses, id)
       JOIN ledger_transfers t ON t.shop_id = $1 AND t.id = n.reverses`,
    [args.shopId, args.entries.map((entry) => entry.id), args.entries.map(() => newId()), args.caseId, args.now],
  );
}

/** Breaks off everything that a reward still holds. @returns 1, or 0 when it held nothing */
export function breakOff(tx: Tx, args: { shopId: string; rewardId: string; now: Date }): Promise<number> {
  return tx.execute(
    `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id,
            debit_account, debit_type, credit_account, credit_type, unit, amount, created_at)
     SELECT w.shop_id, $3, 4, 'breakage', w.referral_id, w.id, d.id, d.type, c.id, c.type, w.unit, w.remaining, $4
       FROM rewards w
       JOIN ledger_accounts d ON d.shop_id = w.shop_id AND d.id = w.account_id
       JOIN ledger_accounts c ON c.shop_id = w.shop_id AND c.type = 'breakage' AND c.unit = w.unit
      WHERE w.shop_id = $1 AND w.id = $2 AND w.remaining > 0`,
    [args.shopId, args.rewardId, newId(), args.now],
  );
}

/** Moves a reward from one status to another. @returns false when it was in another one */
export async function moveReward(
  tx: Tx,
  reward: { shopId: string; rewardId: string; from: RewardStatus; to: RewardStatus },
): Promise<boolean> {
  const count = await tx.execute("UPDATE rewards SET status = $4 WHERE shop_id = $1 AND id = $2 AND status = $3", [
    reward.shopId,
    reward.rewardId,
    reward.from,
    reward.to,
  ]);
  return count === 1;
}

/** Whether the record says already that this use could not be booked. */
export async function isKnownUnbooked(tx: Tx, shopId: string, rewardId: string, orderId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM audit WHERE shop_id = $1 AND subject = $2 AND action = 'reward.use_unbooked' AND detail ->> 'orderId' = $3 LIMIT 1`,
    [shopId, rewardId, orderId],
  );
  return rows.length > 0;
}
