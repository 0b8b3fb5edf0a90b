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

/** @returns the tokens that the web pixel saw at a checkout, newest pixel first; the checkout's token is a secret of its buyer */
export async function pixelTokens(tx: Tx, shopId: string, checkoutTokenHash: string): Promise<string[]> {
  const rows = await tx.query<{ tokens: string[] }>(
    `SELECT facts -> 'tokens' AS tokens FROM inbox
      WHERE shop_id = $1 AND topic = 'goodword/pixel' AND facts ->> 'checkoutTokenHash' = $2 ORDER BY received_at DESC LIMIT 5`,
    [shopId, checkoutTokenHash],
  );
  return rows.flatMap((row) => row.tokens);
}

/** Makes orders of a checkout due that wait for evidence. @returns how many */
export async function wakeOrdersOfCheckout(
  tx: Tx,
  shopId: string,
  checkoutTokenHash: string,
  now: Date,
): Promise<number> {
  return tx.execute(
    `UPDATE inbox SET next_at = $3
      WHERE shop_id = $1 AND state = 'parked' AND facts ->> 'checkoutTokenHash' = $2 AND topic <> 'goodword/pixel' AND next_at > $3`,
    [shopId, checkoutTokenHash, now],
  );
}
