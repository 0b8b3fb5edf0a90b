import type { FoundDifference } from "./differences.repo.ts";
import { openDifference } from "./differences.repo.ts";
import type { Tx } from "./tenant.ts";

/** Something worth money that was given and has not ended: a gift card, or one credit. */
export type GivenCredit = {
  readonly rewardId: string;
  readonly form: "gift_card" | "store_credit";
  readonly externalId: string;
  readonly unit: string;
  readonly exponent: number;
  readonly amount: bigint;
  readonly expiresAt: Date;
};

/** What was given and has not ended, after one reward in the order of their ids. */
export function creditsToCompare(
  tx: Tx,
  args: { shopId: string; after: string | null; now: Date; limit: number },
): Promise<GivenCredit[]> {
  return tx.query<GivenCredit>(
    `SELECT w.id AS "rewardId", w.form, w.external_id AS "externalId", w.unit, u.exponent::int AS exponent, w.amount,
            w.expires_at AS "expiresAt"
       FROM rewards w JOIN ledger_units u ON u.shop_id = w.shop_id AND u.unit = w.unit
      WHERE w.shop_id = $1 AND w.form IN ('store_credit', 'gift_card') AND w.status = 'issued' AND w.external_id IS NOT NULL
        AND w.expires_at > $3 AND ($2::uuid IS NULL OR w.id > $2)
      ORDER BY w.id LIMIT $4`,
    [args.shopId, args.after, args.now, args.limit],
  );
}

/**
 * Keeps what is different about some credits: what is found for the first time is opened, what is not found any more ends.
 * @returns how many were opened
 */
export async function keepCreditDifferences(
  tx: Tx,
  args: { shopId: string; compared: readonly string[]; found: readonly FoundDifference[]; now: Date },
): Promise<number> {
  const { shopId, compared, found, now } = args;
  await tx.execute(
    `UPDATE differences d SET state = 'ended', ended_at = $3
      WHERE d.shop_id = $1 AND d.parent_id IS NULL AND d.reward_id = ANY ($2::uuid[]) AND d.state <> 'ended'
        AND NOT EXISTS (SELECT FROM unnest($4::text[], $5::text[]) AS f (kind, subject) WHERE f.kind = d.kind AND f.subject = d.subject)`,
    [shopId, compared, now, found.map(({ kind }) => kind), found.map(({ subject }) => subject)],
  );
  let opened = 0;
  for (const difference of found) opened += await openDifference(tx, { shopId, parentId: null, difference, now });
  return opened;
}

/** Ends what is left of credits that have ended themselves. */
export async function endOldCreditDifferences(tx: Tx, shopId: string, now: Date): Promise<void> {
  await tx.execute(
    `UPDATE differences d SET state = 'ended', ended_at = $2
       FROM rewards w
      WHERE d.shop_id = $1 AND d.parent_id IS NULL AND d.state <> 'ended' AND w.shop_id = d.shop_id AND w.id = d.reward_id
        AND w.expires_at <= $2`,
    [shopId, now],
  );
}

/** Orders that were rewarded and that Shopify still shows, after one referral in the order of their ids. */
export function rewardedOrders(
  tx: Tx,
  args: { shopId: string; after: string | null; since: Date; limit: number },
): Promise<{ referralId: string; orderId: string }[]> {
  return tx.query(
    `SELECT id AS "referralId", qualifying_order::text AS "orderId" FROM referrals
      WHERE shop_id = $1 AND settlement = 'POSTED' AND order_at > $3 AND ($2::uuid IS NULL OR id > $2)
      ORDER BY id LIMIT $4`,
    [args.shopId, args.after, args.since, args.limit],
  );
}
