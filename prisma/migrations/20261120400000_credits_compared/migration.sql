-- Store credit and gift cards are compared with Shopify too. They hang under no discount: what they are about is their reward.
ALTER TABLE differences
  ALTER COLUMN parent_id DROP NOT NULL,
  DROP CONSTRAINT differences_kind_check,
  ADD CONSTRAINT differences_kind_check CHECK (
    kind IN (
      'discount_missing', 'discount_edited', 'code_missing', 'code_unknown', 'used_without_order',
      'credit_missing', 'credit_changed'
    )
  ),
  ADD CONSTRAINT credits_have_a_reward CHECK (
    CASE WHEN kind IN ('credit_missing', 'credit_changed') THEN parent_id IS NULL AND reward_id IS NOT NULL
         ELSE parent_id IS NOT NULL END
  );
