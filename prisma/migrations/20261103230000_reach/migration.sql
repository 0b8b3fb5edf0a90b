-- What a shop's own page says about a tap after it led there. Only landing_site asks for it: every other carrier
-- proves by itself that the page ran or that a person acted.
ALTER TABLE clicks ADD COLUMN seen_at timestamptz;
GRANT UPDATE (device, seen_at) ON clicks TO gw_app;

-- When the theme embed last said so. Where it is on, a tap that no page confirmed was loaded out of sight.
ALTER TABLE shops ADD COLUMN embed_seen_at timestamptz;
GRANT UPDATE (embed_seen_at) ON shops TO gw_app;

-- An order is held against the cart that a claim was made with.
CREATE INDEX claims_cart ON claims (shop_id, cart_token_hash) WHERE cart_token_hash IS NOT NULL;
