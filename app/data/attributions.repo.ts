import type { Tx } from "#app/data/tenant.ts";
import type { Attribution } from "#app/domain/attribution/choose-click.ts";

export type WeighedEvent = {
  readonly id: string;
  readonly shopId: string;
  /** What brought the evidence: `bind`, `order` … */
  readonly event: string;
  readonly inboxId: string;
  readonly personId: string | null;
  readonly orderId: string | null;
  readonly referralId: string | null;
  readonly attribution: Attribution;
  readonly at: Date;
};

/** Records how an event was weighed: the click that won, or why none did, and every loser with its reason. */
export async function recordAttribution(tx: Tx, event: WeighedEvent): Promise<void> {
  const winner = event.attribution.outcome === "attributed" ? event.attribution.winner : null;
  const reason = event.attribution.outcome === "unattributed" ? event.attribution.reason : null;
  await tx.execute(
    `INSERT INTO attributions (shop_id, id, event, inbox_id, person_id, order_id, code_id, click_id, clicked_at, carrier,
                               reason, losers, referral_id, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
    [
      event.shopId,
      event.id,
      event.event,
      event.inboxId,
      event.personId,
      event.orderId,
      winner?.codeId ?? null,
      winner?.clickId ?? null,
      winner === null ? null : new Date(winner.clickedAt),
      winner?.carrier ?? null,
      reason,
      JSON.stringify(event.attribution.losers),
      event.referralId,
      event.at,
    ],
  );
}

/** @returns whether an order's clicks were weighed before. */
export async function wasOrderWeighed(tx: Tx, shopId: string, orderId: string): Promise<boolean> {
  const rows = await tx.query("SELECT 1 AS one FROM attributions WHERE shop_id = $1 AND order_id = $2 LIMIT 1", [
    shopId,
    orderId,
  ]);
  return rows.length > 0;
}
