-- Taps on links. No foreign key in or out: the signed token proves the shop, the winner's evidence is copied to
-- its referral, and old rows leave by dropping a whole partition. Monthly partitions are made ahead of time; the
-- default one only catches what nobody planned for, and a check reports any row in it.
CREATE TABLE clicks (
  shop_id       uuid NOT NULL,
  clicked_at    timestamptz NOT NULL, -- the token's issued-at, in milliseconds
  id            uuid NOT NULL,
  code_id       uuid,
  device        uuid,
  ip_hash       bytea,
  prefix_hash   bytea,
  agent_hash    bytea,
  referrer_host text,
  flags         int NOT NULL DEFAULT 0,
  PRIMARY KEY (shop_id, clicked_at, id)
) PARTITION BY RANGE (clicked_at);

CREATE TABLE clicks_default PARTITION OF clicks DEFAULT;

CREATE INDEX clicks_code ON clicks (shop_id, code_id, clicked_at);
