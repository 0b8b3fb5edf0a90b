-- What the shop's team was told of by mail: each thing once. Written down before the mail goes out, so that a worker that dies
-- between the two leaves it untold twice rather than told twice.
CREATE TABLE team_told (
  shop_id uuid NOT NULL REFERENCES shops,
  about   text NOT NULL CHECK (about ~ '^(case|late|reward|digest):[0-9a-z:-]{1,80}$'),
  state   text NOT NULL DEFAULT 'claimed' CHECK (state IN ('claimed', 'sent', 'unknown', 'failed')),
  at      timestamptz NOT NULL,
  PRIMARY KEY (shop_id, about)
);

ALTER TABLE team_told ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format(
    'CREATE POLICY tenant ON team_told TO gw_app, %I
       USING (shop_id = current_setting(''app.shop_id'')::uuid)
       WITH CHECK (shop_id = current_setting(''app.shop_id'')::uuid)',
    current_user
  );
END $$;
GRANT SELECT, INSERT, UPDATE (state), DELETE ON team_told TO gw_app;

-- A reward has one note, whichever way it goes: a text message and a mail about the same reward would be two.
CREATE UNIQUE INDEX one_note_a_reward ON notes (shop_id, reward_id);
