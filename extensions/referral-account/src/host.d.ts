import type { Api } from "@shopify/ui-extensions/customer-account.profile.block.render";

declare global {
  /** What Shopify gives to every target of this extension. */
  type HostApi = Api;
}
