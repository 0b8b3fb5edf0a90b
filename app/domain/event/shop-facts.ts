import type { Reader } from "../json/read.ts";
import { listOf, nullable, objectOf, oneOf, textUpTo, truth } from "../json/read.ts";
import { currencyText, decimalText, epochMs, idText } from "./readers.ts";

/** A shop's own facts changed (shop/update, domains/update); what the topic does not carry is null. */
export type ShopFacts = {
  readonly kind: "shop";
  readonly name: string | null;
  readonly currency: string | null;
  readonly primaryDomain: string | null;
  readonly domains: readonly string[] | null;
  readonly timeZone: string | null;
  readonly locale: string | null;
  readonly updatedAt: number | null;
};

/** The app was removed. */
export type UninstalledFacts = { readonly kind: "uninstalled"; readonly at: number };
/** Everything of the shop is to be erased (shop/redact). */
export type ShopRedactFacts = { readonly kind: "shop_redact" };
/** The merchant changed what the app may do. */
export type ScopesFacts = { readonly kind: "scopes"; readonly scopes: readonly string[] };

/** Money went back to a customer. `full` is null when the topic does not say whether the whole order was refunded. */
export type RefundFacts = {
  readonly kind: "refund";
  readonly orderId: string;
  readonly refundId: string;
  readonly amount: string;
  readonly currency: string;
  readonly at: number;
  readonly full: boolean | null;
};

/** An order was deleted, or Shopify weighed its risk anew: a reason to read it again, and nothing more. */
export type OrderNoticeFacts = { readonly kind: "order_deleted" | "order_risk"; readonly orderId: string };

/** Staff changed what an order holds. */
export type OrderEditedFacts = {
  readonly kind: "order_edited";
  readonly orderId: string;
  readonly editId: string;
  /** Something was taken out of it; an edit that only adds takes nothing from anybody. */
  readonly removes: boolean;
};

/** A bank asks an order's money back (a charge-back), or asks about it. */
export type DisputeFacts = {
  readonly kind: "dispute";
  readonly orderId: string;
  readonly disputeId: string;
  /** Null, with its currency, where the dispute was found by reading the order, which does not show it. */
  readonly amount: string | null;
  readonly currency: string | null;
  /** Shopify's word: `needs_response`, `under_review`, `won`, `lost`… */
  readonly status: string;
};

/** Somebody deleted a discount, or one code of it, in the shop. */
export type DiscountRemovedFacts = {
  readonly kind: "discount_removed";
  readonly discountId: string;
  readonly code: string | null;
};

const WORD_LENGTH_MAX = 255;
const DOMAINS_MAX = 100;
const SCOPES_MAX = 200;
const word = textUpTo(WORD_LENGTH_MAX);

export const readShopFacts: Reader<ShopFacts> = objectOf({
  kind: oneOf(["shop"]),
  name: nullable(word),
  currency: nullable(currencyText),
  primaryDomain: nullable(word),
  domains: nullable(listOf(word, DOMAINS_MAX)),
  timeZone: nullable(word),
  locale: nullable(word),
  updatedAt: nullable(epochMs),
});

export const readUninstalledFacts: Reader<UninstalledFacts> = objectOf({ kind: oneOf(["uninstalled"]), at: epochMs });

export const readShopRedactFacts: Reader<ShopRedactFacts> = objectOf({ kind: oneOf(["shop_redact"]) });

export const readScopesFacts: Reader<ScopesFacts> = objectOf({
  kind: oneOf(["scopes"]),
  scopes: listOf(word, SCOPES_MAX),
});

export const readRefundFacts: Reader<RefundFacts> = objectOf({
  kind: oneOf(["refund"]),
  orderId: idText,
  refundId: idText,
  amount: decimalText,
  currency: currencyText,
  at: epochMs,
  full: nullable(truth),
});

export const readOrderNoticeFacts: Reader<OrderNoticeFacts> = objectOf({
  kind: oneOf(["order_deleted", "order_risk"]),
  orderId: idText,
});

export const readOrderEditedFacts: Reader<OrderEditedFacts> = objectOf({
  kind: oneOf(["order_edited"]),
  orderId: idText,
  editId: idText,
  removes: truth,
});

export const readDisputeFacts: Reader<DisputeFacts> = objectOf({
  kind: oneOf(["dispute"]),
  orderId: idText,
  disputeId: idText,
  amount: nullable(decimalText),
  currency: nullable(currencyText),
  status: word,
});

export const readDiscountRemovedFacts: Reader<DiscountRemovedFacts> = objectOf({
  kind: oneOf(["discount_removed"]),
  discountId: idText,
  code: nullable(word),
});
