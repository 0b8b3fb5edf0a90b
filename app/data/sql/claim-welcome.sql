-- Gives a friend's claim one code of the pool, if there is one. Two at once never get the same: each locks a free code
-- of its own, and takes it only while it is still free.
--
--   $1  uuid          shop
--   $2  int           version of the terms whose codes they are
--   $3  uuid          claim, new
--   $4  uuid          code that was tapped
--   $5  uuid          click
--   $6  timestamptz   when it was made
--   $7  text | null   keyed hash of the e-mail address, hex
--   $8  uuid | null   device
--   $9  text | null   keyed hash of the network's prefix, hex
--   $10 timestamptz   end of the click's window
--   $11 timestamptz   now, by the application's clock
--   $12 text | null   keyed hash of the cart's token, hex
--
-- Returns one row: free 0 or 1, whether the pool had a code; codeId and code, null when there was none or when the
-- click or the address has a claim already.
WITH free AS MATERIALIZED (
  SELECT w.shop_id, w.id, w.code
  FROM welcome_codes w
  JOIN discount_parents p ON p.shop_id = w.shop_id AND p.id = w.parent_id
  WHERE w.shop_id = $1::uuid AND w.state = 'pooled' AND p.kind = 'welcome' AND p.terms_version = $2::int
  ORDER BY w.created_at, w.id
  LIMIT 1
  FOR UPDATE OF w SKIP LOCKED
), claimed AS (
  INSERT INTO claims (
    shop_id, id, code_id, click_id, clicked_at, email_hash, device, prefix_hash, welcome_code, claimed_at, expires_at,
    cart_token_hash
  )
  SELECT
    shop_id, $3::uuid, $4::uuid, $5::uuid, $6::timestamptz, decode($7::text, 'hex'), $8::uuid, decode($9::text, 'hex'),
    code, $11::timestamptz, $10::timestamptz, decode($12::text, 'hex')
  FROM free
  ON CONFLICT DO NOTHING
  RETURNING shop_id, id
), taken AS (
  UPDATE welcome_codes w
  SET state = 'claimed', claim_id = c.id, changed_at = $11::timestamptz
  FROM free f, claimed c
  WHERE w.shop_id = f.shop_id AND w.id = f.id AND w.state = 'pooled'
  RETURNING w.id, w.code
)
SELECT (SELECT count(*)::int FROM free) AS free, (SELECT id FROM taken) AS "codeId", (SELECT code FROM taken) AS code;
