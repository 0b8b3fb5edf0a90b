import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { ExtractContext, Extractor } from "./context.ts";
import { extractCustomer, extractCustomerDeleted, extractMerge, extractPrivacy } from "./customer.ts";
import { isObject, textAt } from "./fields.ts";
import {
  extractDiscountRemoved,
  extractDispute,
  extractOrderDeleted,
  extractOrderEdited,
  extractOrderRisk,
} from "./notices.ts";
import { extractOrder } from "./order.ts";
import { extractRefund } from "./refund.ts";
import { extractDomains, extractScopes, extractShop, extractShopRedact, extractUninstalled } from "./shop.ts";

/** Every topic of `shopify.app.toml`. A delivery of any other is acknowledged and dropped. */
const EXTRACTORS: ReadonlyMap<string, Extractor> = new Map<string, Extractor>([
  ["customers/create", extractCustomer],
  ["customers/update", extractCustomer],
  ["customers/enable", extractCustomer],
  ["customers/delete", extractCustomerDeleted],
  ["customers/merge", extractMerge],
  ["customers/redact", extractPrivacy],
  ["customers/data_request", extractPrivacy],
  ["orders/create", extractOrder],
  ["orders/paid", extractOrder],
  ["orders/cancelled", extractOrder],
  ["orders/edited", extractOrderEdited],
  ["orders/delete", extractOrderDeleted],
  ["orders/risk_assessment_changed", extractOrderRisk],
  ["refunds/create", extractRefund],
  ["disputes/create", extractDispute],
  ["disputes/update", extractDispute],
  ["discounts/delete", extractDiscountRemoved],
  ["discounts/redeemcode_removed", extractDiscountRemoved],
  ["shop/update", extractShop],
  ["domains/update", extractDomains],
  ["shop/redact", extractShopRedact],
  ["app/uninstalled", extractUninstalled],
  ["app/scopes_update", extractScopes],
]);

/** The topics that the webhook door takes. */
export const WEBHOOK_TOPICS: readonly string[] = [...EXTRACTORS.keys()];

export type Extracted =
  | { readonly outcome: "facts"; readonly facts: InboxFacts }
  /** A delivery that changes nothing, such as a merge that failed. */
  | { readonly outcome: "nothing" }
  /** The body names another shop than its header does: somebody replays a body under a foreign name. */
  | { readonly outcome: "foreign_shop" }
  /** The payload lacks what every payload of its topic has. */
  | { readonly outcome: "wrong_shape" };

/** Whether deliveries of a topic are wanted at all. */
export function isWantedTopic(topic: string): boolean {
  return EXTRACTORS.has(topic);
}

/**
 * Takes out of a payload the few facts that are needed. Everything personal in it is left behind, hashed with the shop's
 * key or sealed.
 */
export function extractFacts(json: unknown, context: ExtractContext): Extracted {
  const extractor = EXTRACTORS.get(context.topic);
  if (extractor === undefined) return { outcome: "nothing" };
  if (!isObject(json)) return { outcome: "wrong_shape" };
  const named = textAt(json, "shop_domain") ?? textAt(json, "myshopify_domain");
  if (named !== null && named.toLowerCase() !== context.shop.domain) return { outcome: "foreign_shop" };
  const facts = extractor(json, context);
  if (facts === null) return { outcome: "wrong_shape" };
  return facts === "nothing" ? { outcome: "nothing" } : { outcome: "facts", facts };
}
