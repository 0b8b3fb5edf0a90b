-- Who may decide a case, and from which amount on two people have to agree.

-- Staff of a shop's admin by the subject of their session token: whoever opened the app once. Names are not stored.
CREATE TABLE staff (
  shop_id    uuid NOT NULL REFERENCES shops,
  subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 64),
  seen_at    timestamptz NOT NULL, -- first
  manages    boolean NOT NULL DEFAULT false, -- keeps the list
  may_decide boolean NOT NULL DEFAULT false, -- counts once the shop has only listed staff decide
  PRIMARY KEY (shop_id, subject),
  CONSTRAINT manager_may_decide CHECK (may_decide OR NOT manages)
);

CREATE UNIQUE INDEX one_manager ON staff (shop_id) WHERE manages;

-- No row: everybody may decide, and one person is enough.
CREATE TABLE review_rules (
  shop_id     uuid PRIMARY KEY REFERENCES shops,
  listed_only boolean NOT NULL,
  second_over bigint CHECK (second_over >= 0), -- minor units of the shop's currency; NULL: one person is enough
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$')
);

-- An approval that takes two: the case remembers the first, and never closes as approved by the same person.
ALTER TABLE cases
  ADD COLUMN two_people boolean NOT NULL DEFAULT false,
  ADD COLUMN first_by text,
  ADD CONSTRAINT second_is_another CHECK (
    NOT two_people OR decision IS DISTINCT FROM 'approved' OR (first_by IS NOT NULL AND first_by <> decided_by)
  );

-- Referrals that people opened by hand are few, and capped: they are counted for each new one.
CREATE INDEX audit_opened_by_hand ON audit (shop_id, at) WHERE action = 'referral.opened_by_hand';

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['staff', 'review_rules'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant ON %1$I TO gw_app, %2$I
         USING (shop_id = current_setting(''app.shop_id'')::uuid)
         WITH CHECK (shop_id = current_setting(''app.shop_id'')::uuid)',
      table_name, current_user
    );
    EXECUTE format('GRANT SELECT, INSERT ON %I TO gw_app', table_name);
  END LOOP;
END $$;

GRANT UPDATE (may_decide) ON staff TO gw_app;
GRANT UPDATE (listed_only, second_over, currency) ON review_rules TO gw_app;
GRANT UPDATE (two_people, first_by) ON cases TO gw_app;
