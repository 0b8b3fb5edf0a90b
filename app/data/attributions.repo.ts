import type { Tx } from "#app/data/tenant.ts";
import type { Attribution } from "#app/domain/attribution/choose-click.ts";

export type WeighedEvent = {
  readonly id: string;
  /** What brought the evidence: `bind`, `order` … */
  readonly event: string;
  readonly inboxId: string;
  readonly personId: string | null;
  readonly orderId: string | null;
  readonly referralId: string | null;
  readonly attribution: Attribution;
  readonly at: Date;
};

/** Records how events were weighed: the click that won, or why none did, and every loser with its reason. */
export async function recordAttributions(tx: Tx, shopId: string, events: readonly WeighedEvent[]): Promise<void> {
  const winners = events.map(({ attribution }) => (attribution.outcome === "attributed" ? attribution.winner : null));
  await tx.execute(
    `INSERT INTO attributions (shop_id, id, event, inbox_id, person_id, order_id, code_id, click_id, clicked_at, carrier,
                               reason, losers, referral_id, at)
     SELECT $1, id, event, inbox_id, person_id, order_id, code_id, click_id, clicked_at, carrier, reason, losers::jsonb,
            referral_id, at
       FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::bigint[], $7::uuid[], $8::uuid[], $9::timestamptz[],
                   $10::text[], $11::text[], $12::text[], $13::uuid[], $14::timestamptz[])
         AS w (id, event, inbox_id, person_id, order_id, code_id, click_id, clicked_at, carrier, reason, losers, referral_id, at)
         ON CONFLICT DO NOTHING`,
    [
      shopId,
      events.map(({ id }) => id),
      events.map(({ event }) => event),
      events.map(({ inboxId }) => inboxId),
      events.map(({ personId }) => personId),
      events.map(({ orderId }) => orderId),
      winners.map((winner) => winner?.codeId ?? null),
      winners.map((winner) => winner?.clickId ?? null),
      winners.map((winner) => (winner === null ? null : new Date(winner.clickedAt))),
      winners.map((winner) => winner?.carrier ?? null),
      events.map(({ attribution }) => (attribution.outcome === "unattributed" ? attribution.reason : null)),
      events.map(({ attribution }) => JSON.stringify(attribution.losers)),
      events.map(({ referralId }) => referralId),
      events.map(({ at }) => at),
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
