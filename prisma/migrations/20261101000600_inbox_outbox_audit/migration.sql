-- Work and record. A row is the work; a queue only says that there is some.

-- What came in: webhooks, binds, claims, pixels. No foreign key to shops: the door must never wait on a shop's row.
CREATE TABLE inbox (
  shop_id     uuid NOT NULL,
  id          uuid NOT NULL,
  topic       text NOT NULL,
  webhook_id  text NOT NULL,
  event_id    text,
  body_sha256 bytea NOT NULL,
  facts       jsonb,
  state       text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'parked', 'done', 'dead')),
  attempts    int NOT NULL DEFAULT 0,
  wake_key    text, -- what a parked row waits for
  next_at     timestamptz DEFAULT clock_timestamp(),
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, id),
  CONSTRAINT inbox_delivery_once UNIQUE (shop_id, topic, webhook_id),
  -- "Due" is next_at alone, so that the sweep needs to see no other column.
  CONSTRAINT inbox_ended_is_never_due CHECK ((state IN ('done', 'dead')) = (next_at IS NULL))
);

-- The sweep looks over all shops, a claim at one: plans are generic, so each has an index of its own.
CREATE INDEX inbox_due ON inbox (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX inbox_due_of_shop ON inbox (shop_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX inbox_wake ON inbox (shop_id, wake_key) WHERE wake_key IS NOT NULL;
-- A pixel and the order of the same checkout find each other, whichever came first.
CREATE INDEX inbox_pixels ON inbox (shop_id, (facts ->> 'checkoutTokenHash')) WHERE topic = 'goodword/pixel';
CREATE INDEX inbox_parked_checkouts ON inbox (shop_id, (facts ->> 'checkoutTokenHash')) WHERE state = 'parked';

-- What is to be done, at or after next_at: payouts, expiry, fulfilment, notes, back-fill.
CREATE TABLE outbox (
  shop_id     uuid NOT NULL REFERENCES shops,
  id          uuid NOT NULL,
  topic       text NOT NULL,
  dedupe_key  text NOT NULL, -- names the business fact, not the attempt
  payload     jsonb NOT NULL DEFAULT '{}',
  state       text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sending', 'done', 'dead')),
  attempts    int NOT NULL DEFAULT 0,
  external_id text,
  lease_until timestamptz,
  next_at     timestamptz DEFAULT clock_timestamp(),
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, id),
  CONSTRAINT outbox_fact_once UNIQUE (shop_id, dedupe_key),
  CONSTRAINT outbox_ended_is_never_due CHECK ((state IN ('done', 'dead')) = (next_at IS NULL))
);

CREATE INDEX outbox_due ON outbox (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_due_of_shop ON outbox (shop_id, next_at) WHERE next_at IS NOT NULL;

CREATE TABLE audit (
  shop_id uuid NOT NULL REFERENCES shops,
  id      uuid NOT NULL,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor   text NOT NULL,
  action  text NOT NULL,
  subject uuid,
  detail  jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (shop_id, id)
);

CREATE UNIQUE INDEX one_settling_entry ON audit (shop_id, subject)
  WHERE action IN ('referral.rewarded', 'referral.rejected', 'referral.expired', 'referral.voided');
CREATE INDEX audit_subject ON audit (shop_id, subject, at);
