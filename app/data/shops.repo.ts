import type { Tx } from "#app/data/tenant.ts";

/** What is known of a shop; the facts are null until Shopify was asked for them. */
export type ShopRow = {
  readonly domain: string | null;
  readonly name: string | null;
  readonly currency: string | null;
  readonly exponent: number | null;
  readonly scopes: string | null;
  readonly installedAt: Date;
  readonly uninstalledAt: Date | null;
  readonly backfilledAt: Date | null;
  readonly purgedAt: Date | null;
};

export type ShopFactsRow = {
  readonly name: string;
  readonly currency: string;
  readonly exponent: number;
  readonly timezone: string;
  readonly primaryDomain: string;
  readonly primaryOrigin: string;
  readonly domains: readonly string[];
};

/** @returns the shop, or null when it never had the app. */
export async function readShop(tx: Tx, shopId: string): Promise<ShopRow | null> {
  const [row] = await tx.query<ShopRow>(
    `SELECT domain, name, currency, exponent, scopes, installed_at AS "installedAt", uninstalled_at AS "uninstalledAt",
            backfilled_at AS "backfilledAt", purged_at AS "purgedAt"
       FROM shops WHERE id = $1`,
    [shopId],
  );
  return row ?? null;
}

/** Adds a shop with its wrapped identity key. @returns false when the shop was known, whose key is never replaced */
export async function addShop(
  tx: Tx,
  shop: { shopId: string; domain: string; identityKeyWrapped: Buffer; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    "INSERT INTO shops (id, domain, identity_key_wrapped, installed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [shop.shopId, shop.domain, shop.identityKeyWrapped, shop.now],
  );
  return count === 1;
}

/**
 * Opens a shop again that had removed the app. After a purge it begins anew, with the given key: what was kept under the
 * old one means nothing to anybody.
 *
 * @returns false when the app was not removed
 */
export async function reopenShop(
  tx: Tx,
  shop: { shopId: string; domain: string; identityKeyWrapped: Buffer; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE shops SET uninstalled_at = NULL, installed_at = $4, backfilled_at = NULL, purged_at = NULL, domain = $2,
            identity_key_wrapped = coalesce(identity_key_wrapped, $3)
      WHERE id = $1 AND (uninstalled_at IS NOT NULL OR purged_at IS NOT NULL)`,
    [shop.shopId, shop.domain, shop.identityKeyWrapped, shop.now],
  );
  return count === 1;
}

/** Notes that the shop has the app at `now`: a message that it was removed before is about an earlier time. */
export async function noteInstalled(tx: Tx, shopId: string, now: Date): Promise<void> {
  await tx.execute("UPDATE shops SET installed_at = greatest(installed_at, $2) WHERE id = $1", [shopId, now]);
}

/** Keeps the scopes that the merchant has granted, comma-separated. */
export async function saveScopes(tx: Tx, shopId: string, scopes: string): Promise<void> {
  await tx.execute("UPDATE shops SET scopes = $2 WHERE id = $1 AND scopes IS DISTINCT FROM $2", [shopId, scopes]);
}

/** Keeps what Shopify said about the shop. */
export async function saveShopFacts(tx: Tx, shopId: string, facts: ShopFactsRow): Promise<void> {
  await tx.execute(
    `UPDATE shops SET name = $2, currency = $3, exponent = $4, timezone = $5, primary_domain = $6, primary_origin = $7,
            domains = $8 WHERE id = $1`,
    [
      shopId,
      facts.name,
      facts.currency,
      facts.exponent,
      facts.timezone,
      facts.primaryDomain,
      facts.primaryOrigin,
      facts.domains,
    ],
  );
}

/** Freezes the exponent of each unit that the shop's ledger counts in; one that is there already stays. */
export async function addLedgerUnits(
  tx: Tx,
  shopId: string,
  units: readonly { unit: string; exponent: number }[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO ledger_units (shop_id, unit, exponent) SELECT $1, u.unit, u.exponent
       FROM unnest($2::text[], $3::smallint[]) AS u (unit, exponent) ON CONFLICT DO NOTHING`,
    [shopId, units.map((u) => u.unit), units.map((u) => u.exponent)],
  );
}

/** Opens the shop's own accounts (those of no person); one that is open already stays. */
export async function addShopAccounts(
  tx: Tx,
  shopId: string,
  accounts: readonly { id: string; type: string; unit: string }[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO ledger_accounts (shop_id, id, unit, type) SELECT $1, a.id, a.unit, a.type
       FROM unnest($2::uuid[], $3::text[], $4::text[]) AS a (id, unit, type) ON CONFLICT DO NOTHING`,
    [shopId, accounts.map((a) => a.id), accounts.map((a) => a.unit), accounts.map((a) => a.type)],
  );
}

/**
 * Notes that the app was removed. A message about it that comes late must not close a shop that was installed again; the
 * minute is for clocks that disagree.
 *
 * @returns false when that was known, or the app was installed again after `at`
 */
export async function closeShop(tx: Tx, shopId: string, at: Date): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE shops SET uninstalled_at = $2, scopes = NULL WHERE id = $1 AND uninstalled_at IS NULL AND installed_at <= $2::timestamptz + interval '1 minute'",
    [shopId, at],
  );
  return count === 1;
}

/** Notes that all known customers have been read. */
export async function markBackfilled(tx: Tx, shopId: string, now: Date): Promise<void> {
  await tx.execute("UPDATE shops SET backfilled_at = $2 WHERE id = $1 AND backfilled_at IS NULL", [shopId, now]);
}

/** Notes that Shopify was seen to send protected customer fields to this shop's app. */
export async function markProtectedFieldsSeen(tx: Tx, shopId: string): Promise<void> {
  await tx.execute("UPDATE shops SET protected_fields = true WHERE id = $1 AND NOT protected_fields", [shopId]);
}

/** Keeps how far the reading of known customers has come, in the outbox row that is at it. */
export async function saveBackfillCursor(tx: Tx, shopId: string, rowId: string, cursor: string): Promise<void> {
  await tx.execute(
    "UPDATE outbox SET payload = payload || jsonb_build_object('cursor', $3::text) WHERE shop_id = $1 AND id = $2",
    [shopId, rowId, cursor],
  );
}

/** @returns what a discount's limit of uses counts in this shop; null while nobody has seen or said */
export async function usageLimitCounts(tx: Tx, shopId: string): Promise<"code" | "discount" | null> {
  const [row] = await tx.query<{ counts: "code" | "discount" | null }>(
    "SELECT usage_limit_counts AS counts FROM shops WHERE id = $1",
    [shopId],
  );
  return row?.counts ?? null;
}

/** Keeps what a discount's limit of uses counts. @returns false when that was known */
export async function saveUsageLimitCounts(tx: Tx, shopId: string, counts: "code" | "discount"): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE shops SET usage_limit_counts = $2 WHERE id = $1 AND usage_limit_counts IS DISTINCT FROM $2",
    [shopId, counts],
  );
  return count === 1;
}

/** @returns the shop's time zone as Shopify names it; null until it was asked */
export async function shopTimezone(tx: Tx, shopId: string): Promise<string | null> {
  const [row] = await tx.query<{ timezone: string | null }>("SELECT timezone FROM shops WHERE id = $1", [shopId]);
  return row?.timezone ?? null;
}
