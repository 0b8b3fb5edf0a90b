declare const shopify: HostApi;
