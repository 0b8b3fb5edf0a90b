-- Pays a referral, once: counts the caps, flips PENDING to REWARDED, posts every pending, makes a reward and the work
-- to fulfil it for each side, writes the audit entry, ends the inbox row. When a cap has no room it holds the referral
-- instead and opens a case. All of it hangs off one guarded update, so that of many at once exactly one pays.
--
--   $1  uuid         shop
--   $2  uuid         referral
--   $3  timestamptz  now, by the application's clock
--   $4  uuid[]       post ids by side: {referrer, friend}
--   $5  uuid[]       reward ids by side
--   $6  uuid[]       outbox ids by side
--   $7  uuid         audit entry
--   $8  uuid         case, if a cap holds it
--   $9  uuid | null  inbox row that this ends
--   $10 text         actor, for the audit
--
-- Returns one row with the new state, REWARDED or HELD; no row when it is not payable or somebody else was first.
WITH payable AS MATERIALIZED (
  SELECT r.shop_id, r.id, r.owed, r.cap_waived, coalesce(h.merged_into, h.id) AS referrer
  FROM referrals r
  JOIN shops s ON s.id = r.shop_id AND s.payouts_paused IS NULL
  JOIN people h ON h.shop_id = r.shop_id AND h.id = r.referrer_person
  WHERE r.shop_id = $1::uuid AND r.id = $2::uuid AND r.state = 'PENDING' AND r.eligible_at <= $3::timestamptz
  FOR UPDATE OF r
), pending AS MATERIALIZED (
  SELECT t.*
  FROM payable r
  JOIN ledger_transfers t ON t.shop_id = r.shop_id AND t.referral_id = r.id AND t.kind = 1
), counter AS MATERIALIZED (
  -- In a fixed order, so that two payouts at once cannot block each other.
  SELECT c.*
  FROM payable r
  JOIN cap_counters c ON c.shop_id = r.shop_id AND NOT r.cap_waived AND (
    (c.scope = 'referrer' AND c.subject = r.referrer)
    OR (
      c.scope = 'budget' AND c.subject = r.shop_id
      AND c.period = date_trunc('month', $3::timestamptz AT TIME ZONE 'UTC')::date
    )
  )
  ORDER BY c.scope, c.unit
  FOR UPDATE OF c
), counted AS MATERIALIZED (
  SELECT
    c.shop_id, c.scope, c.subject, c.period, c.unit, x.need, x.recent,
    (c.cap IS NULL OR c.used + x.need <= c.cap)
    AND (c.recent_cap IS NULL OR cardinality(x.recent) <= c.recent_cap) AS fits
  FROM counter c
  CROSS JOIN LATERAL (
    SELECT
      CASE c.scope
        WHEN 'referrer' THEN (SELECT count(*) FROM pending WHERE side = 1)
        ELSE coalesce((SELECT sum(amount) FROM pending p WHERE p.unit = c.unit), 0)
      END::bigint AS need,
      ARRAY(SELECT u FROM unnest(c.recent) u WHERE u > $3::timestamptz - interval '30 days')
      || CASE
        WHEN c.scope = 'referrer' AND EXISTS (SELECT FROM pending WHERE side = 1) THEN ARRAY[$3::timestamptz]
        ELSE '{}'
      END AS recent
  ) x
), verdict AS MATERIALIZED (
  SELECT coalesce(bool_and(fits), true) AS fits FROM counted
), flipped AS (
  UPDATE referrals r
  SET state = CASE WHEN v.fits THEN 'REWARDED' ELSE 'HELD' END,
      reason = CASE WHEN v.fits THEN r.reason ELSE 'reward_cap' END,
      decided_at = CASE WHEN v.fits THEN $3::timestamptz END,
      version = r.version + 1
  FROM payable y, verdict v
  WHERE r.shop_id = y.shop_id AND r.id = y.id AND r.state = 'PENDING'
  RETURNING r.*
), used AS (
  UPDATE cap_counters c
  SET used = c.used + n.need, recent = n.recent
  FROM counted n, flipped f
  WHERE f.state = 'REWARDED'
    AND (c.shop_id, c.scope, c.subject, c.period, c.unit) = (n.shop_id, n.scope, n.subject, n.period, n.unit)
), posted AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, pending_id, referral_id, side,
    debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
  )
  SELECT
    p.shop_id, ($4::uuid[])[p.side], 2, p.purpose, p.id, p.referral_id, p.side,
    p.debit_account, p.debit_type, p.credit_account, p.credit_type, p.unit, p.amount, $3::timestamptz
  FROM flipped f
  JOIN pending p ON f.state = 'REWARDED'
  RETURNING shop_id, id, referral_id, side, credit_account, unit, amount
), earned AS (
  INSERT INTO rewards (
    shop_id, id, kind, referral_id, side, person_id, account_id, unit, amount, funding_id, created_at
  )
  SELECT
    t.shop_id, ($5::uuid[])[t.side], 'earned', t.referral_id, t.side,
    CASE t.side WHEN 1 THEN f.referrer_person ELSE f.friend_person END,
    t.credit_account, t.unit, t.amount, t.id, $3::timestamptz
  FROM posted t, flipped f
  RETURNING shop_id, id, side
), welcome AS (
  -- Where the friend is owed nothing: the welcome code, spent with this order or still to be sent.
  -- A code that took nothing off (free delivery of a basket that goes free) has no cost, but was used all the same.
  INSERT INTO rewards (shop_id, id, kind, referral_id, side, person_id, unit, amount, status, code, created_at)
  SELECT
    f.shop_id, ($5::uuid[])[2], 'welcome', f.id, 2, f.friend_person,
    CASE WHEN m.friend_kind IN ('percent', 'free_shipping') THEN 'coupon' ELSE m.currency END,
    CASE WHEN m.friend_kind IN ('percent', 'free_shipping') THEN 1 ELSE m.friend_amount END,
    CASE WHEN spent.code IS NULL THEN 'owed' ELSE 'redeemed' END,
    spent.code,
    $3::timestamptz
  FROM flipped f
  JOIN terms m ON m.shop_id = f.shop_id AND m.version = f.terms_version
  LEFT JOIN LATERAL (
    SELECT q.code
    FROM ledger_transfers q
    WHERE q.shop_id = f.shop_id AND q.order_id = f.qualifying_order AND q.purpose = 'welcome_cost'
    UNION
    SELECT w.code
    FROM welcome_codes w
    WHERE w.shop_id = f.shop_id AND w.order_id = f.qualifying_order
    LIMIT 1
  ) spent ON true
  WHERE f.state = 'REWARDED' AND f.owed & 2 = 0
  RETURNING shop_id, id, side, status
), fulfil AS (
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    shop_id, ($6::uuid[])[side], 'reward.fulfil', 'fulfil:' || id, jsonb_build_object('rewardId', id),
    $3::timestamptz, $3::timestamptz
  FROM (
    SELECT shop_id, id, side FROM earned
    UNION ALL
    SELECT shop_id, id, side FROM welcome WHERE status = 'owed'
  ) owed
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject)
  SELECT shop_id, $7::uuid, $3::timestamptz, $10::text, 'referral.' || lower(state), id
  FROM flipped
), held AS (
  INSERT INTO cases (shop_id, id, kind, referral_id, reason, opened_at)
  SELECT shop_id, $8::uuid, 'reward_cap', id, 'reward_cap', $3::timestamptz
  FROM flipped
  WHERE state = 'HELD'
), ended AS (
  UPDATE inbox SET state = 'done', next_at = NULL WHERE shop_id = $1::uuid AND id = $9::uuid
)
SELECT state FROM flipped;
