-- Opens a referral: the referral, a pending for each owed side, the audit entry, the work that lets it lapse.
-- The liability accounts of both people exist before. No row when the friend already has a live or rewarded
-- referral (one_live_referral); every other reason not to open is an error of the guards.
--
--   $1  uuid         shop
--   $2  uuid         referral, new
--   $3  uuid         code: gives the referrer and the terms
--   $4  uuid         friend, the canonical person
--   $5  int          owed: 1 referrer, 2 friend, 3 both
--   $6  timestamptz  expires_at
--   $7  jsonb        evidence of the winning click
--   $8  uuid | null  the rejected referral that this one undoes
--   $9  uuid[]       pending ids by side: {referrer, friend}
--   $10 text[]       units by side
--   $11 bigint[]     amounts by side, minor units
--   $12 uuid         audit entry
--   $13 timestamptz  now, by the application's clock
--   $14 uuid         outbox row
--   $15 text         actor, for the audit
--
-- Returns one row: opened 0 or 1, pendings 0, 1 or 2.
WITH opened AS (
  INSERT INTO referrals (
    shop_id, id, code_id, referrer_person, terms_version, friend_person, owed, expires_at, evidence, reopens, opened_at
  )
  SELECT shop_id, $2::uuid, id, person_id, terms_version, $4::uuid, $5::int, $6::timestamptz, $7::jsonb, $8::uuid, $13::timestamptz
  FROM codes
  WHERE shop_id = $1::uuid AND id = $3::uuid
  ON CONFLICT DO NOTHING
  RETURNING *
), pendings AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, referral_id, side,
    debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
  )
  SELECT
    o.shop_id, ($9::uuid[])[side], 1, 'reward', o.id, side,
    e.id, e.type, l.id, l.type, ($10::text[])[side], ($11::bigint[])[side], $13::timestamptz
  FROM opened o
  CROSS JOIN generate_series(1, 2) AS side
  JOIN ledger_accounts e ON e.shop_id = o.shop_id AND e.type = 'reward_expense' AND e.unit = ($10::text[])[side]
  JOIN ledger_accounts l ON l.shop_id = o.shop_id AND l.type = 'reward_liability' AND l.unit = ($10::text[])[side]
    AND l.person_id = CASE side WHEN 1 THEN o.referrer_person ELSE o.friend_person END
  WHERE o.owed & side > 0
  RETURNING 1
), lapse AS (
  -- 26 hours: events may arrive that much later than they happened.
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    shop_id, $14::uuid, 'referral.expire', 'expire:' || id, jsonb_build_object('referralId', id),
    expires_at + interval '26 hours', $13::timestamptz
  FROM opened
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject)
  SELECT shop_id, $12::uuid, $13::timestamptz, $15::text, 'referral.opened', id
  FROM opened
)
SELECT (SELECT count(*)::int FROM opened) AS opened, (SELECT count(*)::int FROM pendings) AS pendings;
