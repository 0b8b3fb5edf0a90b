import type { Product, Shop } from "./types.ts";
import { announce, note, WorldError, type World } from "./world.ts";
import { exponentOf } from "./money.ts";

export type CreateShopInput = {
  /** Myshopify domain or bare name. */
  readonly shop: string;
  readonly name?: string | undefined;
  readonly currency?: string | undefined;
  /** Storefront hosts, the primary one first. Default: `{name}.localhost:{port of the simulator}`. */
  readonly domains?: readonly string[] | undefined;
  readonly customerAccounts?: "new" | "classic" | undefined;
  readonly protectedFields?: boolean | undefined;
  readonly usageLimit?: "code" | "discount" | undefined;
  readonly orderCountLagMs?: number | undefined;
};

type Locale = {
  readonly country: string;
  readonly timezone: string;
  readonly taxesIncluded: boolean;
  readonly taxRate: number;
};

/** Where a shop of a currency is, and how it taxes: prices include tax in Britain, the euro area and Japan. */
const LOCALES: Readonly<Record<string, Locale>> = {
  GBP: { country: "GB", timezone: "Europe/London", taxesIncluded: true, taxRate: 0.2 },
  EUR: { country: "DE", timezone: "Europe/Berlin", taxesIncluded: true, taxRate: 0.19 },
  JPY: { country: "JP", timezone: "Asia/Tokyo", taxesIncluded: true, taxRate: 0.1 },
  KWD: { country: "KW", timezone: "Asia/Kuwait", taxesIncluded: false, taxRate: 0 },
};
const AMERICAN: Locale = { country: "US", timezone: "America/New_York", taxesIncluded: false, taxRate: 0 };

const DOMAIN = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;
const ORDER_COUNT_LAG_MS = 200;

/** Opens a shop with a small range of products. Throws WorldError when the domain is taken or malformed. */
export function createShop(world: World, input: CreateShopInput): Shop {
  const domain = input.shop.includes(".") ? input.shop.toLowerCase() : `${input.shop.toLowerCase()}.myshopify.com`;
  if (!DOMAIN.test(domain)) throw new WorldError(`${input.shop} is not a myshopify domain.`);
  if (world.shops.has(domain)) throw new WorldError(`${domain} exists already.`, 409);
  const handle = domain.slice(0, -".myshopify.com".length);
  const currency = input.currency ?? "GBP";
  const locale = LOCALES[currency] ?? AMERICAN;
  const shop: Shop = {
    id: String(60_000_000_000 + world.shops.size * 1_013 + 417),
    domain,
    handle,
    name: input.name ?? handle,
    currency,
    countryCode: locale.country,
    ianaTimezone: locale.timezone,
    email: `owner@${handle}.example`,
    domains: [...(input.domains ?? [`${handle}.localhost:${new URL(world.url || "http://localhost:80").port}`])],
    customerAccounts: input.customerAccounts ?? "new",
    protectedFields: input.protectedFields ?? true,
    usageLimit: input.usageLimit ?? "code",
    orderCountLagMs: input.orderCountLagMs ?? ORDER_COUNT_LAG_MS,
    habits: { consentCountries: [], rivalApp: "none" },
    taxesIncluded: locale.taxesIncluded,
    taxRate: locale.taxRate,
    createdAt: world.clock.now(),
    installation: null,
    customers: new Map(),
    contacts: { email: new Map(), phone: new Map() },
    mergedCustomers: new Map(),
    orders: new Map(),
    ordersByCustomer: new Map(),
    products: new Map(),
    discounts: new Map(),
    codeIndex: new Map(),
    bulkCreations: new Map(),
    giftCards: new Map(),
    storeCreditAccounts: new Map(),
    nextOrderNumber: 1001,
  };
  for (const product of openingRange(world, currency)) shop.products.set(product.id, product);
  world.shops.set(domain, shop);
  note(world, shop, `${shop.name} opened at ${domain}`);
  return shop;
}

/** Changes the name, the currency or the storefront hosts and tells the app (`shop/update`, `domains/update`). */
export function updateShop(
  world: World,
  shop: Shop,
  change: { name?: string | undefined; currency?: string | undefined; domains?: readonly string[] | undefined },
): void {
  if (change.name !== undefined) shop.name = change.name;
  if (change.currency !== undefined) shop.currency = change.currency;
  if (change.domains !== undefined) {
    shop.domains = [...change.domains];
    announce(world, shop, { topic: "domains/update" });
  }
  announce(world, shop, { topic: "shop/update" });
}

/** Where the storefront lives, with the scheme: loopback names are plain http, everything else https. */
export function storefrontUrl(shop: Shop): string {
  const host = shop.domains[0] ?? shop.domain;
  return `${hostScheme(host)}://${host}`;
}

/** "http" for a loopback host (with or without a port), else "https". */
export function hostScheme(host: string): "http" | "https" {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name.endsWith(".localhost") || name === "127.0.0.1" ? "http" : "https";
}

const RANGE = [
  {
    handle: "box-for-two",
    title: "Box for two",
    description: "Three dinners for two, delivered on Monday.",
    whole: 36n,
    giftCard: false,
  },
  {
    handle: "family-box",
    title: "Family box",
    description: "Four dinners for four, with one that children cook.",
    whole: 58n,
    giftCard: false,
  },
  {
    handle: "garden-box",
    title: "Garden box",
    description: "Vegetables of the week, and what to make of them.",
    whole: 24n,
    giftCard: false,
  },
  {
    handle: "spice-tin",
    title: "Spice tin",
    description: "Seven spices, ground on the day.",
    whole: 12n,
    giftCard: false,
  },
  {
    handle: "gift-card",
    title: "Gift card",
    description: "For somebody who likes to choose.",
    whole: 25n,
    giftCard: true,
  },
] as const;

function openingRange(world: World, currency: string): Product[] {
  // A yen is worth about a hundredth of the others: a box for 36 yen would look wrong.
  const unit = 10n ** BigInt(exponentOf(currency)) * (exponentOf(currency) === 0 ? 100n : 1n);
  return RANGE.map(({ whole, ...product }) => ({
    ...product,
    id: world.nextId("Product"),
    variantId: world.nextId("ProductVariant"),
    priceMinor: whole * unit,
  }));
}
