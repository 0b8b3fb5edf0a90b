-- Notes that the recorded order of an open referral was paid, once; and the work that settles it.
--
--   $1  uuid         shop
--   $2  uuid         referral
--   $3  bigint       order, the recorded one
--   $4  timestamptz  paid_at
--   $5  timestamptz  eligible_at: paid_at and the cooling-off
--   $6  jsonb        snapshot of the order
--   $7  uuid         audit entry
--   $8  timestamptz  now, by the application's clock
--   $9  uuid         outbox row
--   $10 text         actor, for the audit
--
-- Returns one row: paid 1, or 0 when it was known, the referral is settled or its order is another.
WITH paid AS (
  UPDATE referrals
  SET paid_at = $4::timestamptz, eligible_at = $5::timestamptz, order_snapshot = $6::jsonb, version = version + 1
  WHERE shop_id = $1::uuid AND id = $2::uuid AND state IN ('PENDING', 'HELD')
    AND qualifying_order = $3::bigint AND paid_at IS NULL
  RETURNING shop_id, id, qualifying_order, eligible_at
), due AS (
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    shop_id, $9::uuid, 'referral.settle', 'settle:' || id || ':' || qualifying_order,
    jsonb_build_object('referralId', id, 'orderId', qualifying_order::text), eligible_at, $8::timestamptz
  FROM paid
  ON CONFLICT (shop_id, dedupe_key) DO UPDATE SET state = 'new', attempts = 0, next_at = excluded.next_at
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
  SELECT
    shop_id, $7::uuid, $8::timestamptz, $10::text, 'referral.order_paid', id,
    jsonb_build_object('orderId', qualifying_order::text)
  FROM paid
)
SELECT count(*)::int AS paid FROM paid;
