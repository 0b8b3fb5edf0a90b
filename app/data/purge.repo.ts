import type { Tx } from "./tenant.ts";

/** @returns some referrals that are still open */
export async function someOpenReferrals(tx: Tx, shopId: string, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    "SELECT id FROM referrals WHERE shop_id = $1 AND settlement = 'OPEN' ORDER BY id LIMIT $2",
    [shopId, limit],
  );
  return rows.map(({ id }) => id);
}

/** Each statement names the shop as $1 and the moment as $2, whether or not it asks for it. */
const FORGET = [
  // People: opaque ids stay, since the ledger points at them.
  `UPDATE people SET profile_enc = NULL, profile_key_wrapped = NULL, erased_at = coalesce(erased_at, $2)
    WHERE shop_id = $1 AND erased_at IS NULL`,
  "DELETE FROM person_keys WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM clicks WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  `UPDATE claims SET email_hash = NULL, prefix_hash = NULL, cart_token_hash = NULL, device = NULL
    WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL`,
  "UPDATE referrals SET evidence = NULL, order_snapshot = NULL, redacted_at = $2 WHERE shop_id = $1 AND settlement <> 'OPEN'",
  "UPDATE notes SET body = NULL WHERE shop_id = $1 AND body IS NOT NULL AND $2::timestamptz IS NOT NULL",
  // Codes and words of the shop.
  `UPDATE codes SET code = NULL, state = 'retired', retired_reason = coalesce(retired_reason, 'merchant')
    WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL`,
  "DELETE FROM code_aliases WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM drafts WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM word_templates WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "UPDATE word_settings SET team_mail = NULL WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM team_told WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM data_requests WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM block_list WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM staff WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  "DELETE FROM sessions WHERE shop_id = $1 AND $2::timestamptz IS NOT NULL",
  // What was told and what was planned; rows stay, so that a late delivery is known. The message itself ends by itself.
  "UPDATE inbox SET facts = NULL WHERE shop_id = $1 AND facts IS NOT NULL AND $2::timestamptz IS NOT NULL",
  `UPDATE inbox SET state = 'done', next_at = NULL
    WHERE shop_id = $1 AND state IN ('new', 'parked') AND topic <> 'shop/redact' AND $2::timestamptz IS NOT NULL`,
  `UPDATE outbox SET state = 'done', next_at = NULL, lease_until = NULL
    WHERE shop_id = $1 AND state IN ('new', 'sending') AND $2::timestamptz IS NOT NULL`,
  `UPDATE shops SET domain = NULL, domains = '{}', primary_domain = NULL, primary_origin = NULL, name = NULL, scopes = NULL,
          identity_key_wrapped = NULL, uninstalled_at = coalesce(uninstalled_at, $2), purged_at = $2
    WHERE id = $1`,
] as const;

/**
 * Forgets everything of a shop that means something to anybody: the people, what identifies them, codes, words, the shop's
 * names and its key, without which what is left of hashes cannot be made again. Entries, amounts, opaque ids and the random
 * codes of rewards, which the ledger names, stay.
 */
export async function forgetShop(tx: Tx, shopId: string, now: Date): Promise<void> {
  for (const statement of FORGET) await tx.execute(statement, [shopId, now]);
}
