-- Where Shopify and the books disagree about a discount or a code, until it agrees again or a person lets it stand.
CREATE TABLE differences (
  shop_id   uuid NOT NULL REFERENCES shops,
  id        uuid NOT NULL,
  kind      text NOT NULL CHECK (
    kind IN ('discount_missing', 'discount_edited', 'code_missing', 'code_unknown', 'used_without_order')
  ),
  subject   text NOT NULL CHECK (subject <> ''), -- the code, or the discount's gid
  parent_id uuid NOT NULL,
  reward_id uuid, -- whose code it is; NULL for a code of the pool, one that nobody knows, and a discount
  detail    jsonb NOT NULL DEFAULT '{}',
  state     text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'ended')),
  found_at  timestamptz NOT NULL,
  ended_at  timestamptz, -- agreed again, or accepted
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, parent_id) REFERENCES discount_parents,
  FOREIGN KEY (shop_id, reward_id) REFERENCES rewards,
  CONSTRAINT open_has_no_end CHECK ((state = 'open') = (ended_at IS NULL))
);

-- One difference of a kind about one thing, for as long as it lasts: finding it again changes nothing.
CREATE UNIQUE INDEX one_difference ON differences (shop_id, kind, subject) WHERE state <> 'ended';

ALTER TABLE differences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format(
    'CREATE POLICY tenant ON differences TO gw_app, %I
       USING (shop_id = current_setting(''app.shop_id'')::uuid)
       WITH CHECK (shop_id = current_setting(''app.shop_id'')::uuid)', current_user
  );
END $$;
GRANT SELECT, INSERT ON differences TO gw_app;
GRANT UPDATE (detail, state, ended_at) ON differences TO gw_app;
