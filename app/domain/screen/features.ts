/** What Shopify recommends about an order; `pending` while it still weighs it. */
export type RiskRecommendation = "none" | "accept" | "investigate" | "cancel" | "pending";

/**
 * What the screen looks at: matches, counts and durations, never the raw facts, so that a decision can be replayed when those
 * are gone. Null means that the fact is absent (not given by a gateway, not allowed to the app): it fires nothing.
 */
export type ScreenFeatures = {
  readonly sameAccount: boolean | null;
  readonly sameEmail: boolean | null;
  readonly samePhone: boolean | null;
  readonly sameCard: boolean | null;
  readonly sameDevice: boolean | null;
  readonly sameAddress: boolean | null;
  /** The friend's exact network address was the referrer's within the window. */
  readonly sameNetwork: boolean | null;
  readonly boughtBefore: boolean | null;
  readonly clickToOrderMs: number | null;
  readonly agentIsBot: boolean | null;
  readonly riskRecommendation: RiskRecommendation | null;
  /** Shopify could not be asked for so long that a person has to look. */
  readonly evidenceMissing: boolean;
};

/** Features of a referral about which nothing is known yet; callers fill in what they have. */
export const NO_FEATURES: ScreenFeatures = {
  sameAccount: null,
  sameEmail: null,
  samePhone: null,
  sameCard: null,
  sameDevice: null,
  sameAddress: null,
  sameNetwork: null,
  boughtBefore: null,
  clickToOrderMs: null,
  agentIsBot: null,
  riskRecommendation: null,
  evidenceMissing: false,
};
