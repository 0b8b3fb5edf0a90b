-- Books the use of a reward's code on an order: what it took, the rest as breakage, and for a coupon its real cost.
--
--   $1  uuid         shop
--   $2  uuid         reward
--   $3  bigint       order
--   $4  text         code
--   $5  bigint       what the code took off, minor units
--   $6  text         currency of that amount
--   $7  uuid[]       transfer ids: {redeem, breakage, coupon_cost}
--   $8  timestamptz  now, by the application's clock
--
-- A code that was on the order and took nothing off is spent all the same: everything it held is breakage.
--
-- Returns one row: how many entries were booked; 0 when this order and code were booked before.
WITH reward AS MATERIALIZED (
  SELECT *
  FROM rewards
  WHERE shop_id = $1::uuid AND id = $2::uuid
    AND NOT EXISTS (
      SELECT FROM ledger_transfers
      WHERE shop_id = $1::uuid AND order_id = $3::bigint AND code = $4::text AND purpose IN ('redeem', 'breakage')
    )
  FOR UPDATE
), part AS (
  SELECT
    1 AS i, 'redeem' AS purpose, 'redeemed' AS credit, unit,
    CASE unit WHEN 'coupon' THEN 1 ELSE $5::bigint END AS amount
  FROM reward
  WHERE unit = 'coupon' OR $5::bigint > 0
  UNION ALL
  SELECT 2, 'breakage', 'breakage', unit, remaining - $5::bigint
  FROM reward
  WHERE unit <> 'coupon' AND remaining > $5::bigint
  UNION ALL
  SELECT 3, 'coupon_cost', 'redeemed', $6::text, $5::bigint
  FROM reward
  WHERE unit = 'coupon' AND $5::bigint > 0
), booked AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, referral_id, reward_id,
    debit_account, debit_type, credit_account, credit_type, unit, amount, order_id, code, created_at
  )
  SELECT
    w.shop_id, ($7::uuid[])[b.i], 4, b.purpose, w.referral_id, w.id,
    d.id, d.type, c.id, c.type, b.unit, b.amount, $3::bigint, $4::text, $8::timestamptz
  FROM reward w
  CROSS JOIN part b
  JOIN ledger_accounts d ON d.shop_id = w.shop_id AND (
    (d.id = w.account_id AND b.i < 3)
    OR (d.type = 'reward_expense' AND d.unit = b.unit AND b.i = 3)
  )
  JOIN ledger_accounts c ON c.shop_id = w.shop_id AND c.type = b.credit AND c.unit = b.unit
  ON CONFLICT DO NOTHING
  RETURNING 1
), spent AS (
  UPDATE rewards x
  SET status = 'redeemed'
  FROM reward w
  WHERE x.shop_id = w.shop_id AND x.id = w.id AND EXISTS (SELECT FROM booked)
)
SELECT count(*)::int AS booked FROM booked;
