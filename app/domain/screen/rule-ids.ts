/** Every rule of the screen, in the order in which they are shown. */
export const RULE_IDS = [
  "same_account",
  "same_email",
  "same_phone",
  "same_card_and_device",
  "same_card",
  "same_device",
  "same_address",
  "same_network",
  "existing_customer",
  "too_fast",
  "bot_agent",
  "order_risk",
  "evidence_missing",
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/** Two accounts of one person: a merchant can neither soften these nor turn them off. */
export const STRONG_RULE_IDS: readonly RuleId[] = ["same_account", "same_email", "same_phone"];
