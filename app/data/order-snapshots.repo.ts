import type { Tx } from "./tenant.ts";

/** What Shopify said of an order when it was read again. */
export type OrderSnapshot = {
  readonly referralId: string;
  readonly orderId: string;
  readonly snapshot: Readonly<Record<string, unknown>>;
};

/** Keeps what Shopify said of orders when they were read again: it decides once Shopify no longer shows them. */
export async function keepSnapshots(tx: Tx, shopId: string, kept: readonly OrderSnapshot[]): Promise<void> {
  await tx.execute(
    `UPDATE referrals r SET order_snapshot = k.snapshot::jsonb
       FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS k (id, order_id, snapshot)
      WHERE r.shop_id = $1 AND r.id = k.id AND r.qualifying_order = k.order_id AND r.state IN ('PENDING', 'HELD')`,
    [
      shopId,
      kept.map(({ referralId }) => referralId),
      kept.map(({ orderId }) => orderId),
      kept.map(({ snapshot }) => JSON.stringify(snapshot)),
    ],
  );
}
