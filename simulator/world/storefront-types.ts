/** How a shop's storefront makes it harder for a tap to be found again. Switches of the simulated world. */
export type StorefrontHabits = {
  /** Countries (ISO 3166) whose visitors must be asked before marketing; empty: nobody is asked. */
  consentCountries: readonly string[];
  /** Another app that replaces the cart's attributes with its own: never, on every page, or as the order is placed. */
  rivalApp: "none" | "on_pages" | "at_checkout";
};

/** What a visitor allowed, as Shopify's customer privacy API has it. */
export type Consent = {
  readonly analytics: boolean;
  readonly marketing: boolean;
  readonly preferences: boolean;
  readonly saleOfData: boolean;
};

/** One thing that happened to the app's web pixel. */
export type PixelSighting = {
  readonly at: Date;
  /** The myshopify domain. */
  readonly shop: string;
  /** Shopify's name of the event: "checkout_completed". */
  readonly event: string;
  readonly checkoutToken: string;
  /** Not run for want of consent; run, and handed the event; or it made a call. */
  readonly outcome: "not_allowed" | "heard" | "told";
  /** How many links it told of; 0 unless it made a call. */
  readonly tokens: number;
  /** What the call was answered with; null without a call. */
  readonly status: number | null;
};

/** A trigger of the app's that reached Shopify Flow. */
export type FlowTrigger = {
  readonly at: Date;
  readonly shop: string;
  readonly handle: string;
  readonly payload: unknown;
};
