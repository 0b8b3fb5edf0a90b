/** What Shopify recommends about an order; `pending` while it still weighs it. */
export type RiskRecommendation = "none" | "accept" | "investigate" | "cancel" | "pending";
export const BLOCK_KINDS = ["person", "code", "domain"] as const;
/** What a merchant's block list may name. */
export type BlockKind = (typeof BLOCK_KINDS)[number];

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
  /** Letters between the streets of two addresses that agree in everything else; null when they are two addresses. */
  readonly addressEdits: number | null;
  /** Letters between the names of two mailboxes at one domain; null when they are at two, or further apart than counts. */
  readonly emailEdits: number | null;
  /** The friend's mailbox is the referrer's with a number behind the name. */
  readonly emailIsNumbered: boolean | null;
  /** The friend's exact network address was the referrer's within the window. */
  readonly sameNetwork: boolean | null;
  /** The friend has another referral that is open or was rewarded. */
  readonly otherReferral: boolean | null;
  readonly boughtBefore: boolean | null;
  /** Friends who were referred earlier and share card and address with this one. */
  readonly householdFriends: number | null;
  /** Others in referrals of the shop who share a card, a browser or an address with the referrer. */
  readonly peopleAlike: number | null;
  /** Others, on the referrer's card or browser, whose referral was stopped because friend and referrer were one person. */
  readonly peopleStopped: number | null;
  /** Networks of people that tapped the code within the busiest hour around the click. */
  readonly networksInHour: number | null;
  /** Sign-ups within the busiest 24 hours around this one: through the code, from a device, from an exact address. */
  readonly signUpsOnCode: number | null;
  readonly signUpsOnDevice: number | null;
  readonly signUpsOnNetwork: number | null;
  readonly clickToOrderMs: number | null;
  readonly agentIsBot: boolean | null;
  /** The winning click came from a site that lives on handing out codes. */
  readonly couponSource: boolean | null;
  /** E-mail addresses claimed on the code within a day of this claim, where nothing but the claim speaks for the friend. */
  readonly claimedEmails: number | null;
  readonly emailIsDisposable: boolean | null;
  readonly riskRecommendation: RiskRecommendation | null;
  /** Of the referrer's last five rewarded orders, those that were refunded. */
  readonly refundedOfLastFive: number | null;
  /** Referrals that lead from the friend back to the referrer. */
  readonly ringHops: number | null;
  readonly blockListed: BlockKind | null;
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
  addressEdits: null,
  emailEdits: null,
  emailIsNumbered: null,
  sameNetwork: null,
  otherReferral: null,
  boughtBefore: null,
  householdFriends: null,
  peopleAlike: null,
  peopleStopped: null,
  networksInHour: null,
  signUpsOnCode: null,
  signUpsOnDevice: null,
  signUpsOnNetwork: null,
  clickToOrderMs: null,
  agentIsBot: null,
  couponSource: null,
  claimedEmails: null,
  emailIsDisposable: null,
  riskRecommendation: null,
  refundedOfLastFive: null,
  ringHops: null,
  blockListed: null,
  evidenceMissing: false,
};
