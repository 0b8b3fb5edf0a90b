import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { Tx } from "./tenant.ts";

/**
 * Puts an event of our own beside Shopify's in the inbox.
 * @param event.dedupeKey names the fact: the same one twice is one row
 */
export async function insertOwnEvent(
  tx: Tx,
  event: { shopId: string; id: string; topic: string; dedupeKey: string; digest: Buffer; facts: InboxFacts; now: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO inbox (shop_id, id, topic, webhook_id, body_sha256, facts, next_at, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING`,
    [event.shopId, event.id, event.topic, event.dedupeKey, event.digest, JSON.stringify(event.facts), event.now],
  );
}
