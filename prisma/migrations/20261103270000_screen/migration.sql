-- What the whole screen needs: the merchant's block list, and indexes for the windows that it counts over.

CREATE TABLE block_list (
  shop_id    uuid NOT NULL REFERENCES shops,
  id         uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('person', 'code', 'domain')),
  subject    text NOT NULL CHECK (subject <> '' AND length(subject) <= 253), -- a person's or a code's id, or a domain in lower case
  reason     text NOT NULL CHECK (length(reason) <= 500),
  added_by   text NOT NULL, -- the subject of the session token; names are not stored
  added_at   timestamptz NOT NULL,
  removed_by text,
  removed_at timestamptz,
  PRIMARY KEY (shop_id, id),
  CONSTRAINT removed_by_somebody CHECK ((removed_at IS NULL) = (removed_by IS NULL)),
  CONSTRAINT domain_is_a_domain CHECK (kind <> 'domain' OR subject ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$')
);

CREATE UNIQUE INDEX one_block ON block_list (shop_id, kind, subject) WHERE removed_at IS NULL;

ALTER TABLE block_list ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format(
    'CREATE POLICY tenant ON block_list TO gw_app, %I
       USING (shop_id = current_setting(''app.shop_id'')::uuid)
       WITH CHECK (shop_id = current_setting(''app.shop_id'')::uuid)',
    current_user
  );
END $$;
GRANT SELECT, INSERT, UPDATE (removed_by, removed_at) ON block_list TO gw_app;

CREATE INDEX referrals_code ON referrals (shop_id, code_id, opened_at);
CREATE INDEX decisions_at ON decisions (shop_id, at, id);
CREATE INDEX person_keys_expiring ON person_keys (shop_id, expires_at) WHERE expires_at IS NOT NULL;
