import type { Terms } from "../terms/terms.ts";

/** What is known of a customer who asks for a link. */
export type AspiringReferrer = { readonly hasBought: boolean; readonly tags: readonly string[] };

/**
 * Decides whether a customer may have a link of their own under a shop's terms. Tags are compared as Shopify does, without
 * regard to capitals. `buy_first` is the one reason that is told.
 */
export function mayRefer(
  customer: AspiringReferrer,
  terms: Pick<Terms, "whoMayRefer" | "whoMayReferTag">,
): "may_refer" | "buy_first" {
  switch (terms.whoMayRefer) {
    case "any_customer":
      return "may_refer";
    case "bought":
      return customer.hasBought ? "may_refer" : "buy_first";
    case "tag":
      return customer.tags.some((tag) => tag.toLowerCase() === terms.whoMayReferTag?.toLowerCase())
        ? "may_refer"
        : "buy_first";
  }
}
