import { gid } from "../../world/ids.ts";
import { hostScheme, storefrontUrl } from "../../world/shops.ts";
import type { Shop } from "../../world/types.ts";
import type { Call, View } from "../call.ts";
import { dateTime } from "./money.ts";

/** `Shop`. */
export function shopView({ shop }: Call): View {
  return {
    __typename: "Shop",
    id: gid("Shop", shop.id),
    name: shop.name,
    email: shop.email,
    contactEmail: shop.email,
    shopOwnerName: "Alex Merchant",
    description: null,
    myshopifyDomain: shop.domain,
    url: storefrontUrl(shop),
    primaryDomain: domainView(shop, 0),
    domains: shop.domains.map((_, index) => domainView(shop, index)),
    currencyCode: shop.currency,
    currencyFormats: {
      moneyFormat: "{{amount}}",
      moneyInEmailsFormat: "{{amount}}",
      moneyWithCurrencyFormat: `{{amount}} ${shop.currency}`,
      moneyWithCurrencyInEmailsFormat: `{{amount}} ${shop.currency}`,
    },
    enabledPresentmentCurrencies: [shop.currency],
    ianaTimezone: shop.ianaTimezone,
    timezoneAbbreviation: "GMT",
    taxesIncluded: shop.taxesIncluded,
    taxShipping: false,
    createdAt: dateTime(shop.createdAt),
    updatedAt: dateTime(shop.createdAt),
    setupRequired: false,
    checkoutApiSupported: true,
    plan: { partnerDevelopment: false, shopifyPlus: false, publicDisplayName: "Basic" },
    customerAccounts: "OPTIONAL",
    customerAccountsV2: {
      customerAccountsVersion: shop.customerAccounts === "new" ? "NEW_CUSTOMER_ACCOUNTS" : "CLASSIC",
      loginLinksVisibleOnStorefrontAndCheckout: true,
      loginRequiredAtCheckout: false,
      url: shop.customerAccounts === "new" ? `${storefrontUrl(shop)}/account` : null,
    },
    orderNumberFormatPrefix: "#",
    orderNumberFormatSuffix: "",
    unitSystem: "METRIC_SYSTEM",
    weightUnit: "KILOGRAMS",
  };
}

function domainView(shop: Shop, index: number): View {
  const host = shop.domains[index] ?? shop.domain;
  const scheme = hostScheme(host);
  return {
    __typename: "Domain",
    id: gid("Domain", String(Number(shop.id) + index + 1)),
    host,
    sslEnabled: scheme === "https",
    url: `${scheme}://${host}`,
    localization: null,
    marketWebPresence: null,
  };
}
