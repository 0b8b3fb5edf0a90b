-- Records the qualifying orders of open referrals, each once; and, for one that is paid, the work that settles it.
--
--   $1  uuid           shop
--   $2  uuid[]         referrals; the other lists tell of each in the same place
--   $3  bigint[]       order
--   $4  timestamptz[]  when the order was made: at most expires_at
--   $5  timestamptz[]  paid_at, or null
--   $6  timestamptz[]  eligible_at: paid_at and the cooling-off; null exactly when paid_at is
--   $7  text[]         snapshot of the order, JSON
--   $8  uuid[]         audit entries
--   $9  uuid[]         outbox rows
--   $10 timestamptz    now, by the application's clock
--   $11 text           actor, for the audit
--
-- Returns the id of each that was converted: not one that is settled, has an order, or had lapsed by then.
WITH asked AS (
  SELECT * FROM unnest(
    $2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::uuid[], $9::uuid[]
  ) AS a (id, order_id, order_at, paid_at, eligible_at, snapshot, entry_id, work_id)
), converted AS (
  UPDATE referrals r
  SET qualifying_order = a.order_id, order_at = a.order_at, paid_at = a.paid_at,
      eligible_at = a.eligible_at, order_snapshot = a.snapshot::jsonb, version = r.version + 1
  FROM asked a
  WHERE r.shop_id = $1::uuid AND r.id = a.id AND r.state IN ('PENDING', 'HELD')
    AND r.qualifying_order IS NULL AND a.order_at <= r.expires_at
  RETURNING r.shop_id, r.id, r.qualifying_order, r.eligible_at, a.entry_id, a.work_id
), due AS (
  -- The same order may have been cleared and recorded again: then its old row is the one that works again.
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    shop_id, work_id, 'referral.settle', 'settle:' || id || ':' || qualifying_order,
    jsonb_build_object('referralId', id, 'orderId', qualifying_order::text), eligible_at, $10::timestamptz
  FROM converted
  WHERE eligible_at IS NOT NULL
  ON CONFLICT (shop_id, dedupe_key) DO UPDATE SET state = 'new', attempts = 0, next_at = excluded.next_at
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
  SELECT
    shop_id, entry_id, $10::timestamptz, $11::text, 'referral.converted', id,
    jsonb_build_object('orderId', qualifying_order::text)
  FROM converted
)
SELECT id FROM converted;
