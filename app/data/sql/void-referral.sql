-- Ends an open referral without a reward, once: the state, a void for each pending, its open holds closed, the audit.
-- EXPIRED only without an order, and 26 hours after the window: events may arrive that late.
--
--   $1  uuid         shop
--   $2  uuid         referral
--   $3  text         REJECTED, EXPIRED or VOIDED
--   $4  text         reason
--   $5  timestamptz  now, by the application's clock
--   $6  uuid[]       void ids by side: {referrer, friend}
--   $7  uuid         audit entry
--   $8  text         actor, for the audit
--
-- Returns one row with the new state; no row when it is settled already or may not end this way yet.
WITH flipped AS (
  UPDATE referrals
  SET state = $3::text, reason = $4::text, decided_at = $5::timestamptz, version = version + 1
  WHERE shop_id = $1::uuid AND id = $2::uuid AND state IN ('PENDING', 'HELD')
    AND (
      $3::text <> 'EXPIRED'
      OR (qualifying_order IS NULL AND expires_at + interval '26 hours' <= $5::timestamptz)
    )
  RETURNING shop_id, id, state, reason
), voided AS (
  INSERT INTO ledger_transfers (
    shop_id, id, kind, purpose, pending_id, referral_id, side,
    debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
  )
  SELECT
    p.shop_id, ($6::uuid[])[p.side], 3, p.purpose, p.id, p.referral_id, p.side,
    p.debit_account, p.debit_type, p.credit_account, p.credit_type, p.unit, p.amount, $5::timestamptz
  FROM flipped f
  JOIN ledger_transfers p ON p.shop_id = f.shop_id AND p.referral_id = f.id AND p.kind = 1
), closed AS (
  UPDATE cases c
  SET state = 'closed', decision = lower(f.state), version = c.version + 1
  FROM flipped f
  WHERE c.shop_id = f.shop_id AND c.referral_id = f.id AND c.state = 'open' AND c.kind IN ('fraud_hold', 'reward_cap')
), entry AS (
  INSERT INTO audit (shop_id, id, at, actor, action, subject, detail)
  SELECT
    shop_id, $7::uuid, $5::timestamptz, $8::text, 'referral.' || lower(state), id, jsonb_build_object('reason', reason)
  FROM flipped
)
SELECT state FROM flipped;
