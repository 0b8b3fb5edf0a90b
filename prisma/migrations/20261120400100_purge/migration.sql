-- A shop that asks to be forgotten takes its staff and its lists along, and what told one browser from another.
GRANT DELETE ON staff, block_list TO gw_app;
GRANT UPDATE (device) ON claims TO gw_app;

-- Who asked for their data. What is held is put together when the merchant fetches it: no second copy is made.
CREATE TABLE data_requests (
  shop_id      uuid NOT NULL REFERENCES shops,
  id           uuid NOT NULL,
  person_id    uuid, -- NULL when nobody of these keys is known
  requested_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL, -- it can be fetched until then
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  CONSTRAINT request_expires_later CHECK (expires_at > requested_at)
);

ALTER TABLE data_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  EXECUTE format(
    'CREATE POLICY tenant ON data_requests TO gw_app, %I
       USING (shop_id = current_setting(''app.shop_id'')::uuid)
       WITH CHECK (shop_id = current_setting(''app.shop_id'')::uuid)', current_user
  );
END $$;
GRANT SELECT, INSERT, DELETE ON data_requests TO gw_app;
