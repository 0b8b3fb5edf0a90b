import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";

export type RewardStatus =
  "owed" | "sending" | "issued" | "redeemed" | "expired" | "cancelled" | "blocked" | "unknown" | "offset";

/** What a reward is given as. */
export type RewardForm = "code" | "store_credit" | "gift_card";

export type RewardRow = {
  readonly id: string;
  readonly kind: "earned" | "welcome" | "goodwill" | "replacement";
  readonly side: 1 | 2;
  readonly status: RewardStatus;
  readonly unit: string;
  /** Decimals of the unit. */
  readonly exponent: number;
  readonly amount: bigint;
  /** Null until it is first sent; never changed afterwards. */
  readonly form: RewardForm | null;
  /** Calls that may have given it, and the last of them; null when the last one certainly did not. */
  readonly sends: number;
  readonly lastSentAt: Date | null;
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
  SELECT w.id, w.kind, w.side, w.status, w.unit, u.exponent, w.amount, w.form, w.sends, w.last_sent_at AS "lastSentAt",
         w.code, w.expires_at AS "expiresAt", w.referral_id AS "referralId",
         r.terms_version AS "termsVersion", coalesce(p.merged_into, p.id) AS "personId",
         (SELECT coalesce(o.merged_into, o.id) FROM people o WHERE o.shop_id = w.shop_id
             AND o.id = CASE w.side WHEN 1 THEN r.friend_person ELSE r.referrer_person END) AS "otherPersonId"
    FROM rewards w
    JOIN ledger_units u ON u.shop_id = w.shop_id AND u.unit = w.unit
    JOIN people p ON p.shop_id = w.shop_id AND p.id = w.person_id
    LEFT JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
   WHERE w.shop_id = $1`;

/** @returns a reward, or null. */
export async function readReward(tx: Tx, shopId: string, rewardId: string): Promise<RewardRow | null> {
  const [row] = await tx.query<RewardRow>(`${REWARD_SQL} AND w.id = $2`, [shopId, rewardId]);
  return row ?? null;
}

/** @returns what a referral brought its two sides, the referrer's first; what was given by hand beside is not among it. */
export async function rewardsOfReferral(tx: Tx, shopId: string, referralId: string): Promise<RewardRow[]> {
  return tx.query<RewardRow>(
    `${REWARD_SQL} AND w.referral_id = $2 AND w.kind IN ('earned', 'welcome') ORDER BY w.side`,
    [shopId, referralId],
  );
}

/** @returns the welcome rewards of some referrals whose code was used with the order already. */
export async function usedWelcomeRewards(tx: Tx, shopId: string, referralIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM rewards
      WHERE shop_id = $1 AND referral_id = ANY ($2::uuid[]) AND kind = 'welcome' AND status = 'redeemed' ORDER BY id`,
    [shopId, referralIds],
  );
  return rows.map((row) => row.id);
}

/** As `readReward`, holding the row until the transaction ends. */
export async function lockReward(tx: Tx, shopId: string, rewardId: string): Promise<RewardRow | null> {
  const [row] = await tx.query<RewardRow>(`${REWARD_SQL} AND w.id = $2 FOR UPDATE OF w`, [shopId, rewardId]);
  return row ?? null;
}

/** As `readReward`, of many rewards at once, holding the rows until the transaction ends. @returns those there are, by id */
export async function lockRewards(tx: Tx, shopId: string, rewardIds: readonly string[]): Promise<RewardRow[]> {
  return tx.query<RewardRow>(`${REWARD_SQL} AND w.id = ANY ($2::uuid[]) ORDER BY w.id FOR UPDATE OF w`, [
    shopId,
    rewardIds,
  ]);
}

/** Writes down the codes that are about to be sent, of rewards that the caller holds; as `markSending`. */
export async function markCodesSending(
  tx: Tx,
  shopId: string,
  codes: readonly { readonly rewardId: string; readonly code: string; readonly expiresAt: Date }[],
): Promise<void> {
  await tx.execute(
    `UPDATE rewards w SET status = 'sending', form = coalesce(w.form, 'code'), code = coalesce(w.code, s.code),
                          expires_at = coalesce(w.expires_at, s.expires_at)
       FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS s (id, code, expires_at)
      WHERE w.shop_id = $1 AND w.id = s.id AND w.status IN ('owed', 'sending', 'blocked')`,
    [
      shopId,
      codes.map(({ rewardId }) => rewardId),
      codes.map(({ code }) => code),
      codes.map(({ expiresAt }) => expiresAt.toISOString()),
    ],
  );
}

/** Writes down what is about to be sent, before it is sent. A code that is there already stays: the table sees to it. */
export async function markSending(
  tx: Tx,
  reward: { shopId: string; rewardId: string; form: RewardForm; code: string | null; expiresAt: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE rewards SET status = 'sending', form = coalesce(form, $3), code = coalesce(code, $4), expires_at = coalesce(expires_at, $5)
      WHERE shop_id = $1 AND id = $2 AND status IN ('owed', 'sending', 'blocked')`,
    [reward.shopId, reward.rewardId, reward.form, reward.code, reward.expiresAt],
  );
  return count === 1;
}

/**
 * The first moment from `from` on that no store credit of the shop expires at. Holds the shop's row until the transaction
 * ends, so that two at once do not choose the same.
 */
export async function freeExpiry(tx: Tx, shopId: string, from: Date): Promise<Date> {
  await tx.query("SELECT FROM shops WHERE id = $1 FOR NO KEY UPDATE", [shopId]);
  const [row] = await tx.query<{ at: Date }>(
    `SELECT coalesce(max(expires_at) + interval '1 second', $2::timestamptz) AS at FROM rewards
      WHERE shop_id = $1 AND form = 'store_credit' AND expires_at >= $2 AND expires_at < $2::timestamptz + interval '1 day'`,
    [shopId, from],
  );
  return row?.at ?? from;
}

/**
 * Longer than a call can take with its waits. Calls live on the machine's time, and so does this: a clock that is followed
 * may leap over it while a call is on its way.
 */
const IN_FLIGHT_S_MAX = 60;

/**
 * Counts a call that is about to be made and that nobody may repeat blindly, and notes that it is on its way.
 * @param reward.sends as the caller saw it
 * @returns false when another run was first, or its call has not returned: then nothing may be sent
 */
export async function countSend(
  tx: Tx,
  reward: { shopId: string; rewardId: string; sends: number; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE rewards SET sends = sends + 1, last_sent_at = $4, in_flight_until = clock_timestamp() + make_interval(secs => $5)
      WHERE shop_id = $1 AND id = $2 AND sends = $3 AND status = 'sending'
        AND (in_flight_until IS NULL OR in_flight_until < clock_timestamp())`,
    [reward.shopId, reward.rewardId, reward.sends, reward.now, IN_FLIGHT_S_MAX],
  );
  return count === 1;
}

/** Takes back the count of a call that certainly changed nothing. */
export async function uncountSend(tx: Tx, shopId: string, rewardId: string): Promise<void> {
  await tx.execute(
    `UPDATE rewards SET sends = sends - 1, last_sent_at = NULL, in_flight_until = NULL
      WHERE shop_id = $1 AND id = $2 AND sends > 0 AND status = 'sending'`,
    [shopId, rewardId],
  );
}

/** Notes that a call returned without saying what became of it: it is on its way no more. */
export async function endSend(tx: Tx, shopId: string, rewardId: string): Promise<void> {
  await tx.execute("UPDATE rewards SET in_flight_until = NULL WHERE shop_id = $1 AND id = $2", [shopId, rewardId]);
}

/** A reward that was given just now; `personId` is canonical. */
export type IssuedReward = Pick<RewardRow, "id" | "side" | "form" | "expiresAt" | "personId">;

/** They have been given. @returns those of which nobody said so before, and that were still to be sent */
export async function markIssued(
  tx: Tx,
  shopId: string,
  given: readonly { readonly rewardId: string; readonly externalId: string }[],
): Promise<IssuedReward[]> {
  return tx.query<IssuedReward>(
    `UPDATE rewards w SET status = 'issued', external_id = g.external_id
       FROM unnest($2::uuid[], $3::text[]) AS g (id, external_id), people p
      WHERE w.shop_id = $1 AND w.id = g.id AND w.status IN ('sending', 'blocked', 'unknown')
        AND p.shop_id = w.shop_id AND p.id = w.person_id
     RETURNING w.id, w.side, w.form, w.expires_at AS "expiresAt", coalesce(p.merged_into, p.id) AS "personId"`,
    [shopId, given.map(({ rewardId }) => rewardId), given.map(({ externalId }) => externalId)],
  );
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
       LEFT JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
       LEFT JOIN terms t ON t.shop_id = r.shop_id AND t.version = r.terms_version
       JOIN ledger_accounts c ON c.shop_id = w.shop_id AND c.unit = w.unit AND c.type = 'issued_value'
      WHERE w.shop_id = $1 AND w.id = $2 AND w.remaining > 0
        AND coalesce(w.form, CASE w.side WHEN 1 THEN t.referrer_kind ELSE t.friend_kind END) IN ('store_credit', 'gift_card')`,
    [shopId, rewardId, newId(), now],
  );
  return true;
}

/** Nobody can tell whether it was given: a person has to look. @returns false when nothing changed */
export async function markUnknown(tx: Tx, shopId: string, rewardId: string): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE rewards SET status = 'unknown' WHERE shop_id = $1 AND id = $2 AND status = 'sending'",
    [shopId, rewardId],
  );
  return count === 1;
}

/** Every reward of a shop that was refused for good. @returns their ids, oldest first */
export async function blockedRewards(tx: Tx, shopId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    "SELECT id FROM rewards WHERE shop_id = $1 AND status = 'blocked' ORDER BY id LIMIT 1000",
    [shopId],
  );
  return rows.map(({ id }) => id);
}

/** A welcome code that exists becomes the reward's, still to be used or used before. @returns false when it was settled */
export async function giveWelcomeCode(
  tx: Tx,
  reward: {
    shopId: string;
    rewardId: string;
    code: string;
    externalId: string | null;
    status: "issued" | "redeemed";
    expiresAt: Date;
  },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE rewards SET status = $5, code = $3, external_id = $4, expires_at = $6
      WHERE shop_id = $1 AND id = $2 AND kind = 'welcome' AND status = 'owed'`,
    [reward.shopId, reward.rewardId, reward.code, reward.externalId, reward.status, reward.expiresAt],
  );
  return count === 1;
}
