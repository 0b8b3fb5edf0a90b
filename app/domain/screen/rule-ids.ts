/** Every rule of the screen, in the order in which they are shown. */
export const RULE_IDS = [
  "same_account",
  "same_email",
  "same_phone",
  "same_card_and_device",
  "same_card",
  "same_device",
  "same_address",
  "near_address",
  "similar_email",
  "same_network",
  "duplicate_person",
  "existing_customer",
  "duplicate_household",
  "click_velocity",
  "signup_velocity",
  "too_fast",
  "bot_agent",
  "coupon_source",
  "claim_spray",
  "disposable_email",
  "order_risk",
  "refund_history",
  "ring",
  "block_list",
  "evidence_missing",
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/** Two accounts of one person: a merchant can neither soften these nor turn them off. */
export const STRONG_RULE_IDS: readonly RuleId[] = ["same_account", "same_email", "same_phone"];
