import { languageOf } from "#app/domain/note/language.ts";
import type { Language } from "#app/domain/note/language.ts";
import { createBriefCache } from "#app/platform/brief-cache.ts";
import type { Clock } from "#app/platform/clock.ts";
import { shopIdFor } from "#app/platform/ids.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openShopKeyring } from "#app/platform/shop-keyring.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import type { Pools } from "./pools.ts";
import { inShop } from "./tenant.ts";

/** What the doors and the use cases know of a shop. */
export type KnownShop = {
  readonly shopId: string;
  /** The myshopify domain. */
  readonly domain: string;
  readonly name: string;
  /** Hosts of the storefront, with a port where there is one; a redirect goes to these and nowhere else. */
  readonly domains: readonly string[];
  /** Scheme and host of the main storefront. */
  readonly primaryOrigin: string;
  readonly currency: string;
  readonly exponent: number;
  /** Of customers and visitors whose own language is not known. */
  readonly language: Language;
  readonly installed: boolean;
  /** Why payouts stand still; null when they run. */
  readonly payoutsPaused: string | null;
  readonly keyring: ShopKeyring;
};

export type ShopDirectory = {
  /** The shop of a myshopify domain, or null when it never was installed or has been purged. */
  byDomain(domain: string): Promise<KnownShop | null>;
  /** As `byDomain` without waiting; undefined for a shop that was not looked up lately. */
  remembered(domain: string): KnownShop | null | undefined;
  byId(shopId: string): Promise<KnownShop | null>;
  /** Lets the next look-up in this process read the row again. */
  forget(shopId: string): void;
};

type ShopRow = {
  domain: string;
  name: string | null;
  domains: string[];
  primaryDomain: string | null;
  primaryOrigin: string | null;
  currency: string | null;
  exponent: number | null;
  language: string | null;
  uninstalledAt: Date | null;
  payoutsPaused: string | null;
  identityKeyWrapped: Buffer;
};

/** A change made by another process is seen after so long. */
const KNOWN_FOR_MS = 5_000;
const SHOPS_MAX = 10_000;

// A purged shop has neither domain nor key: it is unknown. One that is still being installed may lack its currency.
const SHOP_SQL = `
  SELECT domain, name, domains, primary_domain AS "primaryDomain", primary_origin AS "primaryOrigin", currency, exponent,
         (SELECT w.language FROM word_settings w WHERE w.shop_id = shops.id) AS language,
         uninstalled_at AS "uninstalledAt", payouts_paused AS "payoutsPaused", identity_key_wrapped AS "identityKeyWrapped"
    FROM shops WHERE id = $1 AND domain IS NOT NULL AND identity_key_wrapped IS NOT NULL AND purged_at IS NULL`;

/**
 * Opens the directory of shops, with a short memory of its own in each process. While the database is away, shops that
 * were seen before go on being known.
 */
export function createShopDirectory(deps: { pools: Pools; keys: Keys; clock: Clock }): ShopDirectory {
  async function load(shopId: string): Promise<KnownShop | null> {
    const [row] = await inShop(deps.pools, shopId, (tx) => tx.query<ShopRow>(SHOP_SQL, [shopId]));
    return row === undefined ? null : knownShop(deps.keys, shopId, row);
  }
  const cache = createBriefCache({ load, clock: deps.clock, ttlMs: KNOWN_FOR_MS, sizeMax: SHOPS_MAX });
  // An id is a hash of the domain, and the doors ask for the same few domains all day.
  const ids = new Map<string, string>();
  function idOf(domain: string): string {
    const known = ids.get(domain);
    if (known !== undefined) return known;
    if (ids.size >= SHOPS_MAX) ids.clear();
    const id = shopIdFor(domain);
    ids.set(domain, id);
    return id;
  }
  return {
    byDomain: (domain) => cache.get(idOf(domain)),
    remembered: (domain) => cache.peek(idOf(domain)),
    byId: (shopId) => cache.get(shopId),
    forget: (shopId) => {
      cache.forget(shopId);
    },
  };
}

function knownShop(keys: Keys, shopId: string, row: ShopRow): KnownShop {
  return {
    shopId,
    domain: row.domain,
    name: row.name ?? row.domain,
    domains: row.domains,
    primaryOrigin: row.primaryOrigin ?? `https://${row.primaryDomain ?? row.domain}`,
    currency: row.currency ?? "USD",
    exponent: row.exponent ?? 2,
    language: languageOf(row.language) ?? "en",
    installed: row.uninstalledAt === null,
    payoutsPaused: row.payoutsPaused,
    keyring: openShopKeyring(keys, shopId, row.identityKeyWrapped),
  };
}
