import type { Shop } from "../../world/types.ts";
import { countryName, shopTime, type Json } from "./parts.ts";

/** The shop as shop/update and app/uninstalled carry it. */
export function shopPayload(shop: Shop, now: Date): Record<string, Json> {
  return {
    id: Number(shop.id),
    name: shop.name,
    email: shop.email,
    domain: shop.domains[0] ?? shop.domain,
    province: null,
    country: shop.countryCode,
    address1: "1 Market Street",
    zip: "10001",
    city: "Market Town",
    source: null,
    phone: "",
    latitude: null,
    longitude: null,
    primary_locale: "en",
    address2: null,
    created_at: shopTime(shop, shop.createdAt),
    updated_at: shopTime(shop, now),
    country_code: shop.countryCode,
    country_name: countryName(shop.countryCode),
    currency: shop.currency,
    customer_email: shop.email,
    timezone: `(GMT) ${shop.ianaTimezone}`,
    iana_timezone: shop.ianaTimezone,
    shop_owner: "Alex Merchant",
    money_format: "{{amount}}",
    money_with_currency_format: `{{amount}} ${shop.currency}`,
    weight_unit: "kg",
    province_code: null,
    taxes_included: shop.taxesIncluded,
    auto_configure_tax_inclusivity: null,
    tax_shipping: null,
    county_taxes: null,
    plan_display_name: "Basic",
    plan_name: "basic",
    has_discounts: shop.discounts.size > 0,
    has_gift_cards: shop.giftCards.size > 0,
    myshopify_domain: shop.domain,
    google_apps_domain: null,
    google_apps_login_enabled: null,
    money_in_emails_format: "{{amount}}",
    money_with_currency_in_emails_format: `{{amount}} ${shop.currency}`,
    eligible_for_payments: true,
    requires_extra_payments_agreement: false,
    password_enabled: false,
    has_storefront: true,
    finances: true,
    primary_location_id: 655441491,
    checkout_api_supported: true,
    multi_location_enabled: true,
    setup_required: false,
    pre_launch_enabled: false,
    enabled_presentment_currencies: [shop.currency],
    marketing_sms_consent_enabled_at_checkout: false,
    transactional_sms_disabled: false,
  };
}

/** The primary storefront host as domains/update carries it. */
export function domainPayload(shop: Shop): Record<string, Json> {
  const host = shop.domains[0] ?? shop.domain;
  return {
    id: Number(shop.id) + 1,
    host,
    ssl_enabled: true,
    localization: { country: null, default_locale: "en", alternate_locales: [] },
  };
}
