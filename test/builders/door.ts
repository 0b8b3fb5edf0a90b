import { createHmac, randomBytes } from "node:crypto";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { createCodeDirectory } from "#app/data/code-directory.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { createShopDirectory } from "#app/data/shop-directory.repo.ts";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { insertTerms } from "#app/data/terms.repo.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { createClickLog } from "#app/edge/click-log.ts";
import { createDoorCommits } from "#app/edge/commits.ts";
import { registerLink } from "#app/edge/link.ts";
import type { LinkDeps } from "#app/edge/link.ts";
import { registerPixel } from "#app/edge/pixel.ts";
import { hmacSecrets } from "#app/edge/secrets.ts";
import { registerWebhooks } from "#app/edge/webhooks.ts";
import { systemClock } from "#app/platform/clock.ts";
import { newId, shopIdFor } from "#app/platform/ids.ts";
import { createKeys } from "#app/platform/keys.ts";
import type { Keys } from "#app/platform/keys.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createMetrics } from "#app/platform/metrics.ts";
import { createShopKeyring, newIdentityKeyWrapped } from "#app/platform/shop-keyring.ts";
import { buildTerms } from "#test/builders/domain.ts";

export const API_SECRET = "hush";
export const API_SECRET_OLD = "hush-before";
export const PHONE_BROWSER =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

/** Signs parameters as Shopify's app proxy does, by an implementation of the document that shares nothing with ours. */
export function signProxy(parameters: readonly (readonly [string, string])[], secret = API_SECRET): string {
  const names = [...new Set(parameters.map(([name]) => name))];
  const joined = names.map(
    (name) => `${name}=${parameters.flatMap(([other, value]) => (other === name ? [value] : [])).join(",")}`,
  );
  const message = Buffer.concat(
    joined.map((pair) => Buffer.from(pair)).toSorted((left, right) => Buffer.compare(left, right)),
  );
  const signature = createHmac("sha256", secret).update(message).digest("hex");
  return [...parameters, ["signature", signature] as const]
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
}

/** The query of a tap as the proxy forwards it; `extra` is what the buyer's link carried besides. */
export function tapQuery(options: {
  shop: string;
  customerId?: string;
  extra?: readonly (readonly [string, string])[];
  atSeconds?: number;
  secret?: string;
}): string {
  const own = [
    ["shop", options.shop],
    ["logged_in_customer_id", options.customerId ?? ""],
    ["path_prefix", "/a/r"],
    ["timestamp", String(options.atSeconds ?? Math.floor(Date.now() / 1000))],
  ] as const;
  return signProxy([...(options.extra ?? []), ...own], options.secret);
}

/** The headers of a delivery of these bytes. */
export function webhookHeaders(
  body: string | Buffer,
  options: { shop: string; topic: string; webhookId?: string; secret?: string },
): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": options.topic,
    "x-shopify-shop-domain": options.shop,
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": options.webhookId ?? newId(),
    "x-shopify-event-id": newId(),
    "x-shopify-triggered-at": "2026-11-20T12:00:00.000000000Z",
    "x-shopify-hmac-sha256": createHmac("sha256", options.secret ?? API_SECRET)
      .update(body)
      .digest("base64"),
  };
}

/** An order as a webhook brings it, with every field that the door reads. */
export function buildOrderPayload(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 6123456789012,
    admin_graphql_api_id: "gid://shopify/Order/6123456789012",
    created_at: "2026-11-20T08:12:38-05:00",
    processed_at: "2026-11-20T08:12:37-05:00",
    updated_at: "2026-11-20T08:12:41-05:00",
    cancelled_at: null,
    financial_status: "paid",
    test: false,
    source_name: "web",
    currency: "GBP",
    total_price: "95.00",
    total_price_set: { shop_money: { amount: "95.00", currency_code: "GBP" } },
    email: "mara@example.com",
    phone: null,
    customer_locale: "en-GB",
    checkout_token: "6a7f9943815c1867d7f3532590e5597e",
    landing_site: "/",
    discount_codes: [],
    note_attributes: [],
    client_details: { browser_ip: "203.0.113.24", user_agent: PHONE_BROWSER, accept_language: "en-GB" },
    customer: {
      id: 7987654321098,
      first_name: "Mara",
      last_name: "Jones",
      email: "mara@example.com",
      phone: "+44 20 7946 0000",
    },
    shipping_address: {
      first_name: "Mara",
      last_name: "Jones",
      address1: "10 Main Street",
      address2: null,
      city: "London",
      zip: "SW1A 1AA",
      country_code: "GB",
    },
    ...changes,
  };
}

/** A shop in memory, as the directory would give it. */
export function buildKnownShop(changes: Partial<KnownShop> = {}): KnownShop {
  const domain = changes.domain ?? "freshbox.myshopify.com";
  return {
    shopId: shopIdFor(domain),
    domain,
    name: "FreshBox",
    domains: ["freshbox.example", "www.freshbox.example"],
    primaryOrigin: "https://freshbox.example",
    currency: "GBP",
    exponent: 2,
    language: "en",
    installed: true,
    payoutsPaused: null,
    keyring: createShopKeyring(Buffer.alloc(32, 7)),
    ...changes,
  };
}

export type InstalledShop = {
  readonly shopId: string;
  readonly domain: string;
  readonly code: string;
  readonly codeId: string;
  readonly personId: string;
};

/** A shop in the database with terms, a referrer and a code. */
export async function installShop(
  pools: Pools,
  keys: Keys,
  options: { landingPath?: string; emailFirst?: boolean; ownerCustomerId?: string } = {},
): Promise<InstalledShop> {
  const domain = `shop-${newId().slice(-12)}.myshopify.com`;
  const shopId = shopIdFor(domain);
  const [codeId, personId] = [newId(), newId()];
  const identityKeyWrapped = newIdentityKeyWrapped(keys, shopId);
  const { landingPath = "/", emailFirst = false } = options;
  const terms: Terms = buildTerms({ landingPath, emailFirst });
  const now = new Date();
  await inShop(pools, shopId, async (tx) => {
    await tx.execute(
      `INSERT INTO shops (id, domain, domains, primary_domain, primary_origin, name, currency, exponent, identity_key_wrapped, installed_at)
       VALUES ($1, $2, ARRAY['freshbox.example', 'www.freshbox.example'], 'freshbox.example', 'https://freshbox.example', 'FreshBox', 'GBP', 2, $3, $4)`,
      [shopId, domain, identityKeyWrapped, now],
    );
    await insertTerms(tx, { shopId, version: 1, terms, now });
    await tx.execute("INSERT INTO people (shop_id, id, created_at) VALUES ($1, $2, $3)", [shopId, personId, now]);
    await tx.execute(
      "INSERT INTO codes (shop_id, id, code, person_id, terms_version, created_at) VALUES ($1, $2, 'ABCDE', $3, 1, $4)",
      [shopId, codeId, personId, now],
    );
  });
  const shop = await createShopDirectory({ pools, keys, clock: systemClock }).byId(shopId);
  if (options.ownerCustomerId !== undefined && shop !== null) {
    const hash = Buffer.from(shop.keyring.person("customer", options.ownerCustomerId), "hex");
    await inShop(pools, shopId, (tx) =>
      tx.execute("INSERT INTO person_keys (shop_id, kind, hash, person_id) VALUES ($1, 'customer', $2, $3)", [
        shopId,
        hash,
        personId,
      ]),
    );
  }
  return { shopId, domain, code: "ABCDE", codeId, personId };
}

export type Doors = {
  readonly app: FastifyInstance;
  readonly keys: Keys;
  readonly rung: string[];
  readonly settled: () => Promise<void>;
};

/** Both doors and the pixel on one Fastify, over these pools. */
export function openDoors(
  pools: Pools,
  keys: Keys = createKeys({ dataKey: randomBytes(32) }),
  linkOptions: Pick<LinkDeps, "answer" | "limits"> = {},
): Doors {
  const logger = createLogger({ LOG_LEVEL: "silent" });
  const metrics = createMetrics();
  const clock = systemClock;
  const commits = createDoorCommits({ pools, metrics });
  const secrets = hmacSecrets({ SHOPIFY_API_SECRET: API_SECRET, SHOPIFY_API_SECRET_OLD: API_SECRET_OLD });
  const shops = createShopDirectory({ pools, keys, clock });
  const codes = createCodeDirectory({ pools, clock });
  const clickLog = createClickLog({ clicks: commits.clicks, logger });
  const rung: string[] = [];
  const ringer = { ring: (_kind: "inbox", shopId: string) => void rung.push(shopId) };
  const app = Fastify();
  registerLink(app, { shops, codes, keys, secrets, clickLog, clock, logger, metrics, ...linkOptions });
  registerWebhooks(app, { shops, keys, secrets, deliveries: commits.deliveries, ringer, clock, logger, metrics });
  registerPixel(app, { shops, keys, deliveries: commits.deliveries, ringer, clock, logger, metrics });
  return {
    app,
    keys,
    rung,
    settled: () => Promise.all([commits.clicks.drained(), commits.deliveries.drained()]).then(() => undefined),
  };
}
