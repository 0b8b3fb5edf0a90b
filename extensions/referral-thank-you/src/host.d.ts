import type { Api } from "@shopify/ui-extensions/purchase.thank-you.block.render";

declare global {
  /** What Shopify gives to every target of this extension. */
  type HostApi = Pick<Api, "i18n" | "sessionToken" | "shop">;
}
