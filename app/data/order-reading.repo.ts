import { leastIdAt } from "#app/platform/ids.ts";
import type { Tx } from "./tenant.ts";

/** Topic of inbox rows that were read from Shopify instead of being delivered by it. */
export const READ_TOPIC = "goodword/read";

export type OrderReading = {
  /** Every order that changed before it has been read; null before the first pass. */
  readonly readTo: Date | null;
  readonly installedAt: Date;
  /** When the oldest referral was opened that is still open. */
  readonly oldestOpenAt: Date | null;
  /** Something was told that has not been worked on: what it says of an order is not known yet. */
  readonly hasUnheard: boolean;
};

/** How far the orders of a shop have been read, and from when on they matter. */
export async function orderReading(tx: Tx, shopId: string): Promise<OrderReading> {
  const [row] = await tx.query<OrderReading>(
    `SELECT orders_read_to AS "readTo", installed_at AS "installedAt",
            (SELECT min(opened_at) FROM referrals WHERE shop_id = s.id AND settlement = 'OPEN') AS "oldestOpenAt",
            EXISTS (SELECT FROM inbox WHERE shop_id = s.id AND next_at IS NOT NULL AND state = 'new') AS "hasUnheard"
       FROM shops s WHERE id = $1`,
    [shopId],
  );
  if (row === undefined) throw new Error("a transaction of a shop sees its row");
  return row;
}

/** Notes that every order that changed before an instant has been read. It never goes back. */
export async function saveReadTo(tx: Tx, shopId: string, readTo: Date): Promise<void> {
  await tx.execute("UPDATE shops SET orders_read_to = greatest(orders_read_to, $2) WHERE id = $1", [shopId, readTo]);
}

/** What deliveries have told of an order so far. Times in epoch milliseconds. */
export type ToldOrder = {
  readonly orderId: string;
  readonly updatedAt: bigint;
  readonly paid: boolean;
  readonly cancelled: boolean;
  /** Shopify's own deliveries told of it, in whatever version; else only our readings did. */
  readonly delivered: boolean;
};

/**
 * What rows of the inbox told of some orders, deliveries and earlier readings alike.
 *
 * @param since an instant of the machine's clock, as ids have it: older rows are not looked at
 */
export function toldOrders(
  tx: Tx,
  args: { shopId: string; orderIds: readonly string[]; since: Date },
): Promise<ToldOrder[]> {
  return tx.query<ToldOrder>(
    `SELECT facts ->> 'orderId' AS "orderId", max((facts ->> 'updatedAt')::bigint) AS "updatedAt",
            bool_or(facts ->> 'paidAt' IS NOT NULL) AS paid, bool_or(facts ->> 'cancelledAt' IS NOT NULL) AS cancelled,
            bool_or(topic <> '${READ_TOPIC}') AS delivered
       FROM inbox
      WHERE shop_id = $1 AND id >= $2 AND facts ->> 'kind' = 'order' AND facts ->> 'orderId' = ANY ($3::text[])
      GROUP BY 1`,
    [args.shopId, leastIdAt(args.since), args.orderIds],
  );
}

/** Keeps how far a pass has come, in the outbox row that is at it. */
export async function savePass(tx: Tx, shopId: string, rowId: string, pass: Record<string, unknown>): Promise<void> {
  await tx.execute("UPDATE outbox SET payload = $3 WHERE shop_id = $1 AND id = $2", [
    shopId,
    rowId,
    JSON.stringify(pass),
  ]);
}
