-- Opens referrals: each with a pending for each owed side, an audit entry, and the work that lets it lapse.
-- The liability accounts of both people exist before. One is left out when its friend already has a live or rewarded
-- referral (one_live_referral); every other reason not to open is an error of the guards.
--
--   $1  uuid           shop
--   $2  uuid[]         referrals, new; the other lists tell of each in the same place
--   $3  uuid[]         code: gives the referrer and the terms
--   $4  uuid[]         friend, the canonical person
--   $5  int[]          owed: 1 referrer, 2 friend, 3 both
--   $6  timestamptz[]  expires_at
--   $7  text[]         evidence of the winning click, JSON; null for one that a person opens
--   $8  uuid[]         the rejected referral that this one undoes; null for every other
--   $9  uuid[], $10 uuid[]      ids of the pendings: the referrer's, the friend's
--   $11 text[], $12 text[]      units of the two sides
--   $13 bigint[], $14 bigint[]  amounts of the two sides, minor units
--   $15 uuid[]         audit entries
--   $16 uuid[]         outbox rows
--   $17 timestamptz    now, by the application's clock
--   $18 text           actor, for the audit
--
-- Returns a row for each that was opened: its id, and its pendings: 0, 1 or 2.
WITH asked AS (
  SELECT * FROM unnest(
    $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::timestamptz[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[],
    $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::uuid[], $16::uuid[]
  ) AS a (
    id, code_id, friend_person, owed, expires_at, evidence, reopens, referrer_pending, friend_pending,
    referrer_unit, friend_unit, referrer_amount, friend_amount, entry_id, lapse_id
  )
), opened AS (
  INSERT INTO referrals (
    shop_id, id, code_id, referrer_person, terms_version, friend_person, owed, expires_at, evidence, reopens, opened_at
  )
  SELECT
    c.shop_id, a.id, c.id, c.person_id, c.terms_version, a.friend_person, a.owed, a.expires_at, a.evidence::jsonb, a.reopens,
    $17::timestamptz
  FROM asked a
  JOIN codes c ON c.shop_id = $1::uuid AND c.id = a.code_id
  ON CONFLICT DO NOTHING
  RETURNING *
), pendings AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, referral_id, side,
    debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
  )
  SELECT
    o.shop_id, s.id, 1, 'reward', o.id, s.side,
    e.id, e.type, l.id, l.type, s.unit, s.amount, $17::timestamptz
  FROM opened o
  JOIN asked a ON a.id = o.id
  CROSS JOIN LATERAL (VALUES
    (1, a.referrer_pending, o.referrer_person, a.referrer_unit, a.referrer_amount),
    (2, a.friend_pending, o.friend_person, a.friend_unit, a.friend_amount)
  ) AS s (side, id, person_id, unit, amount)
  JOIN ledger_accounts e ON e.shop_id = o.shop_id AND e.type = 'reward_expense' AND e.unit = s.unit
  JOIN ledger_accounts l ON l.shop_id = o.shop_id AND l.type = 'reward_liability' AND l.unit = s.unit
    AND l.person_id = s.person_id
  WHERE o.owed & s.side > 0
  RETURNING referral_id
), lapse AS (
  -- 26 hours: events may arrive that much later than they happened.
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    o.shop_id, a.lapse_id, 'referral.expire', 'expire:' || o.id, jsonb_build_object('referralId', o.id),
    o.expires_at + interval '26 hours', $17::timestamptz
  FROM opened o JOIN asked a ON a.id = o.id
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject)
  SELECT o.shop_id, a.entry_id, $17::timestamptz, $18::text, 'referral.opened', o.id
  FROM opened o JOIN asked a ON a.id = o.id
)
SELECT o.id, (SELECT count(*)::int FROM pendings p WHERE p.referral_id = o.id) AS pendings FROM opened o;
