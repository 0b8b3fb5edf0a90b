/** As much of Shopify's web pixel API as the pixel uses. https://shopify.dev/docs/api/web-pixels-api */
type PixelStorage = { getItem(key: string): Promise<string | null> };

type PixelConsent = { readonly marketingAllowed: boolean };

type PixelCheckout = {
  readonly token?: string | null;
  readonly attributes?: readonly { readonly key: string; readonly value: string }[];
  readonly order?: { readonly id?: string | null } | null;
};

type PixelEvent = { readonly data?: { readonly checkout?: PixelCheckout } };

type PixelApi = {
  readonly analytics: { subscribe(event: string, heard: (event: PixelEvent) => Promise<void>): unknown };
  readonly browser: { readonly cookie: { get(name: string): Promise<string> }; readonly localStorage: PixelStorage };
  readonly init: {
    readonly data: { readonly shop: { readonly myshopifyDomain: string } };
    readonly customerPrivacy: PixelConsent;
  };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly customerPrivacy: {
    subscribe(
      event: "visitorConsentCollected",
      heard: (event: { readonly customerPrivacy: PixelConsent }) => void,
    ): unknown;
  };
};

declare const shopify: { extend(point: "WebPixel::Render", run: (api: PixelApi) => void): void };
