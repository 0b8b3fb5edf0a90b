-- Gives a reward the code that its friend claimed and has not used; without one, a code of the pool.
--
--   $1  uuid         shop
--   $2  int          version of the terms whose codes they are
--   $3  uuid         reward, of kind welcome
--   $4  uuid | null  the friend's claim
--   $5  timestamptz  now, by the application's clock
--
-- Returns one row with the code, its id, its discount's gid and whether it was used already; no row when the pool is
-- empty. A claimed code that lapsed is not given again.
WITH own AS MATERIALIZED (
  SELECT w.shop_id, w.id
  FROM welcome_codes w
  WHERE w.shop_id = $1::uuid AND w.claim_id = $4::uuid AND w.state IN ('claimed', 'used') AND w.reward_id IS NULL
  FOR UPDATE
), free AS MATERIALIZED (
  SELECT w.shop_id, w.id
  FROM welcome_codes w
  JOIN discount_parents p ON p.shop_id = w.shop_id AND p.id = w.parent_id
  WHERE w.shop_id = $1::uuid AND w.state = 'pooled' AND p.kind = 'welcome' AND p.terms_version = $2::int
    AND NOT EXISTS (SELECT FROM own)
  ORDER BY w.created_at, w.id
  LIMIT 1
  FOR UPDATE OF w SKIP LOCKED
)
UPDATE welcome_codes w
SET state = CASE w.state WHEN 'used' THEN 'used' ELSE 'issued' END, reward_id = $3::uuid, changed_at = $5::timestamptz
FROM (SELECT * FROM own UNION ALL SELECT * FROM free) x, discount_parents p
WHERE w.shop_id = x.shop_id AND w.id = x.id AND w.state IN ('pooled', 'claimed', 'used') AND w.reward_id IS NULL
  AND p.shop_id = w.shop_id AND p.id = w.parent_id
RETURNING w.id, w.code, w.state = 'used' AS "isUsed", p.external_id AS "discountId";
