import { newId } from "#app/platform/ids.ts";
import type { Tx } from "./tenant.ts";

/** @returns the costs of welcome codes that are booked on an order and not taken back */
export async function standingWelcomeCosts(tx: Tx, shopId: string, orderId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT t.id FROM ledger_transfers t
      WHERE t.shop_id = $1 AND t.order_id = $2 AND t.purpose = 'welcome_cost'
        AND NOT EXISTS (SELECT FROM ledger_transfers v WHERE v.shop_id = t.shop_id AND v.reverses = t.id)
      ORDER BY t.id`,
    [shopId, orderId],
  );
  return rows.map(({ id }) => id);
}

/** Books the mirror of each cost, naming the case that tells of it; once per cost. @returns how many were booked now */
export function reverseWelcomeCosts(
  tx: Tx,
  args: { shopId: string; costs: readonly string[]; caseId: string; now: Date },
): Promise<number> {
  return tx.execute(
    `INSERT INTO ledger_transfers (shop_id, id, kind, purpose, referral_id, case_id, reverses,
            debit_account, debit_type, credit_account, credit_type, unit, amount, order_id, code, created_at)
     SELECT t.shop_id, n.id, 4, 'reverse', t.referral_id, $4, t.id,
            t.credit_account, t.credit_type, t.debit_account, t.debit_type, t.unit, t.amount, t.order_id, t.code, $5
       FROM unnest($2::uuid[], $3::uuid[]) AS n (reverses, id)
       JOIN ledger_transfers t ON t.shop_id = $1 AND t.id = n.reverses
     ON CONFLICT DO NOTHING`,
    [args.shopId, args.costs, args.costs.map(() => newId()), args.caseId, args.now],
  );
}

/** @returns the codes of the rewards whose use is booked on an order, in their order, so that nobody waits for each other */
export async function rewardCodesOn(tx: Tx, shopId: string, orderId: string): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `SELECT DISTINCT code FROM ledger_transfers
      WHERE shop_id = $1 AND order_id = $2 AND purpose IN ('redeem', 'coupon_cost') ORDER BY code`,
    [shopId, orderId],
  );
  return rows.map(({ code }) => code);
}
