-- Codes are written down before Shopify is asked to make them: until it has, they are in the pool for nobody.
ALTER TABLE welcome_codes
  DROP CONSTRAINT welcome_codes_state_check,
  DROP CONSTRAINT pooled_is_free,
  ADD CONSTRAINT welcome_codes_state_check
    CHECK (state IN ('minting', 'pooled', 'claimed', 'issued', 'used', 'expired')),
  ADD CONSTRAINT pooled_is_free CHECK (state NOT IN ('minting', 'pooled') OR (claim_id IS NULL AND reward_id IS NULL));

CREATE INDEX welcome_minting ON welcome_codes (shop_id, parent_id) WHERE state = 'minting';
CREATE INDEX welcome_order ON welcome_codes (shop_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX claims_click ON claims (shop_id, click_id);
CREATE INDEX claims_email ON claims (shop_id, email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX transfers_welcome ON ledger_transfers (shop_id, created_at) WHERE purpose = 'welcome_cost';

-- What welcome codes cost without bringing a friend: the order qualifies no referral that is open or paid, and the code
-- was given to nobody as the reward of one. What may still be paid is not called leakage yet.
CREATE VIEW leakage WITH (security_invoker) AS
SELECT t.shop_id, t.order_id, t.code, t.unit, t.amount, t.created_at
FROM ledger_transfers t
WHERE t.purpose = 'welcome_cost'
  AND NOT EXISTS (
    SELECT FROM ledger_transfers v
    WHERE v.shop_id = t.shop_id AND v.reverses = t.id
  )
  AND NOT EXISTS (
    SELECT FROM referrals r
    WHERE r.shop_id = t.shop_id AND r.qualifying_order = t.order_id AND r.settlement <> 'VOID'
  )
  AND NOT EXISTS (
    SELECT FROM welcome_codes w
    WHERE w.shop_id = t.shop_id AND w.code = t.code AND w.reward_id IS NOT NULL
  );

GRANT SELECT ON leakage TO gw_app;
