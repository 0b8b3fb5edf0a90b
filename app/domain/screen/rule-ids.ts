/** Every rule of the screen, in the order in which they are shown. */
export const RULE_IDS = [
  "same_account",
  "same_email",
  "same_phone",
  "same_card_and_device",
  "numbered_mailbox",
  "stopped_before",
  "same_card",
  "same_device",
  "same_address",
  "near_address",
  "match_again",
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

/**
 * What a rejection is recorded under when one person's mailboxes gave them away. Not a phone or a browser with a card: a couple
 * may have both in common, and their relatives are not to be stopped for it.
 */
export const ONE_PERSON_RULE_IDS: readonly RuleId[] = ["same_account", "same_email", "numbered_mailbox"];
