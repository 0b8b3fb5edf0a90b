-- Books what a welcome code took off an order, once per order and code, whatever becomes of the referral.
--
--   $1  uuid         shop
--   $2  uuid         transfer, new
--   $3  uuid | null  referral
--   $4  bigint       order
--   $5  text         code
--   $6  text         currency
--   $7  bigint       what the code took off, minor units
--   $8  timestamptz  now, by the application's clock
--
-- Touches one row, or none when it was booked before.
INSERT INTO ledger_transfers (
  shop_id, id, kind, purpose, referral_id,
  debit_account, debit_type, credit_account, credit_type, unit, amount, order_id, code, created_at
)
SELECT
  $1::uuid, $2::uuid, 4, 'welcome_cost', $3::uuid,
  d.id, d.type, c.id, c.type, $6::text, $7::bigint, $4::bigint, $5::text, $8::timestamptz
FROM ledger_accounts d
JOIN ledger_accounts c ON c.shop_id = d.shop_id AND c.unit = d.unit AND c.type = 'redeemed'
WHERE d.shop_id = $1::uuid AND d.unit = $6::text AND d.type = 'reward_expense'
ON CONFLICT DO NOTHING;
