-- Grants a reward that no referral earned: goodwill, or the replacement of a reward whose rest was broken off.
--
--   $1  uuid         shop
--   $2  text         goodwill or replacement
--   $3  uuid         case that decided it
--   $4  uuid         person
--   $5  text         unit
--   $6  bigint       amount, minor units
--   $7  uuid         transfer, new
--   $8  uuid         reward, new
--   $9  uuid | null  the reward that is replaced
--   $10 uuid | null  referral
--   $11 int          side: 1 referrer, 2 friend
--   $12 uuid         outbox row, new
--   $13 timestamptz  now, by the application's clock
--
-- Returns one row: granted 1, or 0 when the person has no account in that unit.
WITH funding AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, referral_id, case_id,
    debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
  )
  SELECT
    $1::uuid, $7::uuid, 4, $2::text, $10::uuid, $3::uuid,
    d.id, d.type, c.id, c.type, $5::text, $6::bigint, $13::timestamptz
  FROM ledger_accounts d
  JOIN ledger_accounts c ON c.shop_id = d.shop_id AND c.unit = d.unit
    AND c.type = 'reward_liability' AND c.person_id = $4::uuid
  WHERE d.shop_id = $1::uuid AND d.unit = $5::text
    AND d.type = CASE $2::text WHEN 'goodwill' THEN 'goodwill' ELSE 'breakage' END
  RETURNING *
), granted AS (
  INSERT INTO rewards (
    shop_id, id, kind, referral_id, side, person_id, account_id, unit, amount, funding_id, replaces, case_id, created_at
  )
  SELECT
    shop_id, $8::uuid, $2::text, $10::uuid, $11::int, $4::uuid, credit_account, unit, amount, id, $9::uuid, case_id,
    $13::timestamptz
  FROM funding
  RETURNING shop_id, id
), fulfil AS (
  INSERT INTO outbox (shop_id, id, topic, dedupe_key, payload, next_at, created_at)
  SELECT
    shop_id, $12::uuid, 'reward.fulfil', 'fulfil:' || id, jsonb_build_object('rewardId', id),
    $13::timestamptz, $13::timestamptz
  FROM granted
)
SELECT count(*)::int AS granted FROM granted;
