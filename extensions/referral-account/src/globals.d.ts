/** Both targets of this extension have the same APIs. */
declare const shopify: import("@shopify/ui-extensions/customer-account.profile.block.render").Api;
