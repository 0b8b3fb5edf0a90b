import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";

export type RewardStatus =
  "owed" | "sending" | "issued" | "redeemed" | "expired" | "cancelled" | "blocked" | "unknown" | "offset";

export type RewardRow = {
  readonly id: string;
  readonly kind: "earned" | "welcome" | "goodwill" | "replacement";
  readonly side: 1 | 2;
  readonly status: RewardStatus;
  readonly unit: string;
  readonly amount: bigint;
  readonly code: string | null;
  readonly expiresAt: Date | null;
  /** The canonical person. */
  readonly personId: string;
  readonly referralId: string | null;
  readonly termsVersion: number | null;
  /** The other side of the referral, canonical. */
  readonly otherPersonId: string | null;
};

const REWARD_SQL = `
  SELECT w.id, w.kind, w.side, w.status, w.unit, w.amount, w.code, w.expires_at AS "expiresAt", w.referral_id AS "referralId",
         r.terms_version AS "termsVersion", coalesce(p.merged_into, p.id) AS "personId",
         (SELECT coalesce(o.merged_into, o.id) FROM people o WHERE o.shop_id = w.shop_id
             AND o.id = CASE w.side WHEN 1 THEN r.friend_person ELSE r.referrer_person END) AS "otherPersonId"
    FROM rewards w
    JOIN people p ON p.shop_id = w.shop_id AND p.id = w.person_id
    LEFT JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
   WHERE w.shop_id = $1 AND w.id = $2`;

/** @returns a reward, or null. */
export async function readReward(tx: Tx, shopId: string, rewardId: string): Promise<RewardRow | null> {
  const [row] = await tx.query<RewardRow>(REWARD_SQL, [shopId, rewardId]);
  return row ?? null;
}

/** As `readReward`, holding the row until the transaction ends. */
export async function lockReward(tx: Tx, shopId: string, rewardId: string): Promise<RewardRow | null> {
  const [row] = await tx.query<RewardRow>(`${REWARD_SQL} FOR UPDATE OF w`, [shopId, rewardId]);
  return row ?? null;
}

/** Writes down what is about to be sent, before it is sent. A code that is there already stays: the table sees to it. */
export async function markSending(
  tx: Tx,
  reward: { shopId: string; rewardId: string; code: string; expiresAt: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE rewards SET status = 'sending', code = coalesce(code, $3), expires_at = coalesce(expires_at, $4)
      WHERE shop_id = $1 AND id = $2 AND status IN ('owed', 'sending', 'blocked', 'unknown')`,
    [reward.shopId, reward.rewardId, reward.code, reward.expiresAt],
  );
  return count === 1;
}

/** The code exists in the shop. @returns false when somebody else said so first, or the reward is no longer to be sent */
export async function markIssued(
  tx: Tx,
  reward: { shopId: string; rewardId: string; externalId: string },
): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE rewards SET status = 'issued', external_id = $3 WHERE shop_id = $1 AND id = $2 AND status IN ('sending', 'blocked', 'unknown')",
    [reward.shopId, reward.rewardId, reward.externalId],
  );
  return count === 1;
}

/** The shop will not take it as it is; what is owed stays owed. @returns false when nothing changed */
export async function markBlocked(tx: Tx, shopId: string, rewardId: string): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE rewards SET status = 'blocked' WHERE shop_id = $1 AND id = $2 AND status IN ('owed', 'sending', 'unknown')",
    [shopId, rewardId],
  );
  return count === 1;
}

/**
 * A person saw in Shopify that a reward of unknown outcome was given. Store credit and gift cards are spent by that: what
 * the ledger still held for them becomes issued value.
 *
 * @returns false when its outcome is known meanwhile
 */
export async function markIssuedByHand(
  tx: Tx,
  reward: { shopId: string; rewardId: string; now: Date },
): Promise<boolean> {
  const { shopId, rewardId, now } = reward;
  const count = await tx.execute(
    "UPDATE rewards SET status = 'issued' WHERE shop_id = $1 AND id = $2 AND status = 'unknown'",
    [shopId, rewardId],
  );
  if (count !== 1) return false;
  await tx.execute(
    `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, reward_id, debit_account, debit_type,
            credit_account, credit_type, unit, amount, created_at)
     SELECT w.shop_id, $3, 4, 'issue', w.referral_id, w.id, w.account_id, 'reward_liability', c.id, c.type, w.unit, w.remaining, $4
       FROM rewards w
       JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
       JOIN terms t ON t.shop_id = r.shop_id AND t.version = r.terms_version
       JOIN ledger_accounts c ON c.shop_id = w.shop_id AND c.unit = w.unit AND c.type = 'issued_value'
      WHERE w.shop_id = $1 AND w.id = $2 AND w.remaining > 0
        AND CASE w.side WHEN 1 THEN t.referrer_kind ELSE t.friend_kind END IN ('store_credit', 'gift_card')`,
    [shopId, rewardId, newId(), now],
  );
  return true;
}
