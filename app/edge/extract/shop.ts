import type { Extractor } from "./context.ts";
import { currencyAt, listAt, textAt, timeAt } from "./fields.ts";
import { touchedAt } from "./person.ts";

const SCOPES_MAX = 200;
const SCOPE = /^[a-z_]{3,100}$/;

/** shop/update: the shop's own facts. The e-mail and address of the merchant in it are not taken. */
export const extractShop: Extractor = (payload) => ({
  kind: "shop",
  name: textAt(payload, "name"),
  currency: currencyAt(payload, "currency"),
  primaryDomain: textAt(payload, "domain"),
  domains: null,
  timeZone: textAt(payload, "iana_timezone"),
  locale: textAt(payload, "primary_locale"),
  updatedAt: touchedAt(payload),
});

/** domains/update: one domain of several changed; which ones there are now is read from Shopify. */
export const extractDomains: Extractor = () => ({
  kind: "shop",
  name: null,
  currency: null,
  primaryDomain: null,
  domains: null,
  timeZone: null,
  locale: null,
  updatedAt: null,
});

/** app/uninstalled: the payload is the shop as it was; when it happened stands in the headers alone. */
export const extractUninstalled: Extractor = (_payload, { happenedAt }) => ({
  kind: "uninstalled",
  at: happenedAt.getTime(),
});

/** shop/redact: 48 hours after the app was removed. */
export const extractShopRedact: Extractor = () => ({ kind: "shop_redact" });

/** app/scopes_update: what the app may do from now on. */
export const extractScopes: Extractor = (payload) => {
  if (timeAt(payload, "updated_at") === null && listAt(payload, "current", 1).length === 0) return null;
  const scopes = listAt(payload, "current", SCOPES_MAX).filter(
    (scope) => typeof scope === "string" && SCOPE.test(scope),
  );
  return { kind: "scopes", scopes: scopes.map((scope) => String(scope)) };
};
