-- Records the qualifying order of an open referral, once; and, when it is paid, the work that settles it.
--
--   $1  uuid                shop
--   $2  uuid                referral
--   $3  bigint              order
--   $4  timestamptz         when the order was made: at most expires_at
--   $5  timestamptz | null  paid_at
--   $6  timestamptz | null  eligible_at: paid_at and the cooling-off; null exactly when paid_at is
--   $7  jsonb               snapshot of the order
--   $8  uuid                audit entry
--   $9  timestamptz         now, by the application's clock
--   $10 uuid                outbox row
--   $11 text                actor, for the audit
--
-- Returns one row: converted 1, or 0 when the referral is settled, has an order, or had lapsed by then.
WITH converted AS (
  UPDATE referrals
  SET qualifying_order = $3::bigint, order_at = $4::timestamptz, paid_at = $5::timestamptz,
      eligible_at = $6::timestamptz, order_snapshot = $7::jsonb, version = version + 1
  WHERE shop_id = $1::uuid AND id = $2::uuid AND state IN ('PENDING', 'HELD')
    AND qualifying_order IS NULL AND $4::timestamptz <= expires_at
  RETURNING shop_id, id, qualifying_order, eligible_at
), due AS (
  -- The same order may have been cleared and recorded again: then its old row is the one that works again.
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    shop_id, $10::uuid, 'referral.settle', 'settle:' || id || ':' || qualifying_order,
    jsonb_build_object('referralId', id, 'orderId', qualifying_order::text), eligible_at, $9::timestamptz
  FROM converted
  WHERE eligible_at IS NOT NULL
  ON CONFLICT (shop_id, dedupe_key) DO UPDATE SET state = 'new', attempts = 0, next_at = excluded.next_at
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
  SELECT
    shop_id, $8::uuid, $9::timestamptz, $11::text, 'referral.converted', id,
    jsonb_build_object('orderId', qualifying_order::text)
  FROM converted
)
SELECT count(*)::int AS converted FROM converted;
