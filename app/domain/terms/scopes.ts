import type { RewardKind } from "./terms.ts";

/** What the merchant has to allow beyond what every shop allows at install, before a kind of reward can be given. */
const SCOPES_OF_KIND: { readonly [K in RewardKind]: readonly string[] } = {
  fixed: [],
  percent: [],
  free_shipping: [],
  store_credit: ["write_store_credit_account_transactions", "read_store_credit_accounts"],
  gift_card: ["write_gift_cards"],
};

/** The optional access scopes that a kind of reward needs. */
export function scopesOfKind(kind: RewardKind): readonly string[] {
  return SCOPES_OF_KIND[kind];
}

/** Those of a kind's scopes that a shop has not granted; `granted` is Shopify's list, separated by commas. A right to write includes the right to read. */
export function missingScopes(kind: RewardKind, granted: string | null): readonly string[] {
  const held = new Set((granted ?? "").split(",").map((scope) => scope.trim()));
  return scopesOfKind(kind).filter((scope) => !held.has(scope) && !held.has(scope.replace(/^read_/, "write_")));
}
