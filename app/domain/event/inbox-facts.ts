import type { Reader } from "../json/read.ts";
import { isObject } from "../json/read.ts";
import type { BindFacts, CustomerDeletedFacts, CustomerFacts, MergeFacts, PrivacyFacts } from "./customer-facts.ts";
import {
  readBindFacts,
  readCustomerDeletedFacts,
  readCustomerFacts,
  readMergeFacts,
  readPrivacyFacts,
} from "./customer-facts.ts";
import type { OrderFacts } from "./order-facts.ts";
import { readOrderFacts } from "./order-facts.ts";
import type { PixelFacts } from "./pixel-facts.ts";
import { readPixelFacts } from "./pixel-facts.ts";
import type {
  DiscountRemovedFacts,
  DisputeFacts,
  OrderEditedFacts,
  OrderNoticeFacts,
  RefundFacts,
  ScopesFacts,
  ShopFacts,
  ShopRedactFacts,
  UninstalledFacts,
} from "./shop-facts.ts";
import {
  readDiscountRemovedFacts,
  readDisputeFacts,
  readOrderEditedFacts,
  readOrderNoticeFacts,
  readRefundFacts,
  readScopesFacts,
  readShopFacts,
  readShopRedactFacts,
  readUninstalledFacts,
} from "./shop-facts.ts";

/** What the door takes out of a delivery and the worker reads back: plain JSON, nothing that names a person in clear. */
export type InboxFacts =
  | CustomerFacts
  | OrderFacts
  | BindFacts
  | PixelFacts
  | RefundFacts
  | MergeFacts
  | CustomerDeletedFacts
  | PrivacyFacts
  | ShopFacts
  | UninstalledFacts
  | ShopRedactFacts
  | ScopesFacts
  | OrderNoticeFacts
  | OrderEditedFacts
  | DisputeFacts
  | DiscountRemovedFacts;

const READERS: { readonly [K in InboxFacts["kind"]]: Reader<InboxFacts> } = {
  customer: readCustomerFacts,
  order: readOrderFacts,
  bind: readBindFacts,
  pixel: readPixelFacts,
  refund: readRefundFacts,
  merge: readMergeFacts,
  customer_deleted: readCustomerDeletedFacts,
  redact: readPrivacyFacts,
  data_request: readPrivacyFacts,
  shop: readShopFacts,
  uninstalled: readUninstalledFacts,
  shop_redact: readShopRedactFacts,
  scopes: readScopesFacts,
  order_deleted: readOrderNoticeFacts,
  order_risk: readOrderNoticeFacts,
  order_edited: readOrderEditedFacts,
  dispute: readDisputeFacts,
  discount_removed: readDiscountRemovedFacts,
};

/** Reads the facts of an inbox row. Total: returns null for anything that is not exactly such facts, and never throws. */
export function parseInboxFacts(json: unknown): InboxFacts | null {
  const kind = isObject(json) ? json["kind"] : undefined;
  const reader = Object.entries(READERS).find(([name]) => name === kind)?.[1];
  return reader?.(json)?.value ?? null;
}
