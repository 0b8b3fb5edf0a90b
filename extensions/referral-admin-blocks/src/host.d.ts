import type { Api } from "@shopify/ui-extensions/admin.order-details.block.render";

declare global {
  /** What Shopify gives to both blocks. */
  type HostApi = Pick<Api, "i18n" | "data">;
}
