-- Books that what remains of a reward was given as value of its own: store credit or a gift card. The debt to the person
-- ends there; what they do with it is Shopify's account, not this ledger's.
--
--   $1 uuid         shop
--   $2 uuid         reward
--   $3 uuid         transfer, new
--   $4 timestamptz  now, by the application's clock
--
-- Returns one row: booked 1, or 0 when nothing remains.
WITH reward AS MATERIALIZED (
  SELECT *
  FROM rewards
  WHERE shop_id = $1::uuid AND id = $2::uuid AND remaining > 0
  FOR UPDATE
), booked AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, referral_id, reward_id,
    debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
  )
  SELECT
    w.shop_id, $3::uuid, 4, 'issue', w.referral_id, w.id,
    d.id, d.type, c.id, c.type, w.unit, w.remaining, $4::timestamptz
  FROM reward w
  JOIN ledger_accounts d ON d.shop_id = w.shop_id AND d.id = w.account_id
  JOIN ledger_accounts c ON c.shop_id = w.shop_id AND c.unit = w.unit AND c.type = 'issued_value'
  RETURNING 1
)
SELECT count(*)::int AS booked FROM booked;
