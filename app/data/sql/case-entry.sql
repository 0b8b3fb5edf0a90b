-- Books one entry that a decision about a reward makes: what is left of it broken off, a receivable from its person, the
-- set-off of a later reward against that, or the waiver of the rest.
--
--   $1 uuid         shop
--   $2 uuid         transfer, new
--   $3 text         breakage, claw_back, offset or waive
--   $4 uuid         reward
--   $5 uuid         case that decided it
--   $6 bigint       amount, in the reward's unit
--   $7 timestamptz  now, by the application's clock
--
-- Touches one row, or none when the person has no account of that kind.
INSERT INTO ledger_transfers (
  shop_id, id, kind, purpose, referral_id, reward_id, case_id,
  debit_account, debit_type, credit_account, credit_type, unit, amount, created_at
)
SELECT
  w.shop_id, $2::uuid, 4, p.purpose, w.referral_id, w.id, $5::uuid,
  d.id, d.type, c.id, c.type, w.unit, $6::bigint, $7::timestamptz
FROM rewards w
JOIN (VALUES
  ('breakage', 'reward_liability', 'breakage'),
  ('claw_back', 'claw_back', 'reward_expense'),
  ('offset', 'reward_liability', 'claw_back'),
  ('waive', 'reward_expense', 'claw_back')
) AS p (purpose, debit, credit) ON p.purpose = $3::text
JOIN ledger_accounts d ON d.shop_id = w.shop_id AND d.unit = w.unit AND d.type = p.debit
  AND d.person_id IS NOT DISTINCT FROM CASE WHEN p.debit IN ('reward_liability', 'claw_back') THEN w.person_id END
JOIN ledger_accounts c ON c.shop_id = w.shop_id AND c.unit = w.unit AND c.type = p.credit
  AND c.person_id IS NOT DISTINCT FROM CASE WHEN p.credit IN ('reward_liability', 'claw_back') THEN w.person_id END
WHERE w.shop_id = $1::uuid AND w.id = $4::uuid;
