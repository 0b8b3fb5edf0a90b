-- What surrounds the core: the sessions with Shopify, the evidence that was weighed, the verdicts, the discounts
-- that carry the codes, the notes, and the results of the checks.

-- Session storage of the Shopify library, tokens sealed. No key to shops: the library stores the first session
-- before the install creates the shop.
CREATE TABLE sessions (
  shop_id            uuid NOT NULL,
  id                 text NOT NULL,
  domain             text NOT NULL,
  state              text NOT NULL DEFAULT '',
  is_online          boolean NOT NULL,
  scope              text,
  access_token       bytea CHECK (length(access_token) > 28), -- sealed: a nonce and a tag alone take 28 bytes
  refresh_token      bytea CHECK (length(refresh_token) > 28),
  expires_at         timestamptz,
  refresh_expires_at timestamptz,
  user_id            bigint, -- the member of staff; names are not stored
  user_scope         text,
  updated_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, id),
  CONSTRAINT online_sessions_have_a_user CHECK (is_online OR user_id IS NULL),
  CONSTRAINT refresh_expiry_needs_a_token CHECK (refresh_expires_at IS NULL OR refresh_token IS NOT NULL)
);

-- An e-mail given on the landing page or the banner. It counts only with corroboration.
CREATE TABLE claims (
  shop_id         uuid NOT NULL REFERENCES shops,
  id              uuid NOT NULL,
  code_id         uuid NOT NULL,
  click_id        uuid NOT NULL,
  clicked_at      timestamptz NOT NULL,
  email_hash      bytea CHECK (length(email_hash) = 32), -- NULL when no e-mail was asked for
  device          uuid,
  prefix_hash     bytea,
  cart_token_hash bytea,
  welcome_code    text,
  state           text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'used', 'expired')),
  claimed_at      timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, code_id) REFERENCES codes,
  CONSTRAINT claim_follows_click CHECK (claimed_at >= clicked_at),
  CONSTRAINT claim_ends_later CHECK (expires_at > claimed_at)
);

-- One live claim per e-mail, and one per tap: asking again gives the same one.
CREATE UNIQUE INDEX one_live_claim ON claims (shop_id, email_hash) WHERE state = 'live' AND email_hash IS NOT NULL;
CREATE UNIQUE INDEX one_claim_per_click ON claims (shop_id, click_id) WHERE email_hash IS NULL;
CREATE UNIQUE INDEX claim_code_once ON claims (shop_id, welcome_code) WHERE welcome_code IS NOT NULL;
CREATE INDEX claims_device ON claims (shop_id, device, claimed_at) WHERE device IS NOT NULL;
CREATE INDEX claims_prefix ON claims (shop_id, prefix_hash, claimed_at) WHERE prefix_hash IS NOT NULL;
CREATE INDEX claims_code ON claims (shop_id, code_id, claimed_at);

-- One row per event that was weighed: the click that won, or none and why; and the ones that lost, each with a reason.
CREATE TABLE attributions (
  shop_id     uuid NOT NULL REFERENCES shops,
  id          uuid NOT NULL,
  event       text NOT NULL CHECK (event ~ '^[a-z][a-z_/]*$'), -- the kind: sign_up, bind, order …
  inbox_id    uuid, -- the row that brought the event; no key, since inbox rows are deleted
  person_id   uuid,
  order_id    bigint,
  code_id     uuid, -- the winner's
  click_id    uuid,
  clicked_at  timestamptz,
  carrier     text CHECK (
    carrier IN ('cart_attribute', 'welcome_code', 'claim', 'account_bind', 'pixel', 'landing_site')
  ),
  reason      text CHECK (reason ~ '^[a-z][a-z_]*$'), -- why nothing won
  losers      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(losers) = 'array'),
  referral_id uuid,
  at          timestamptz NOT NULL,
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  FOREIGN KEY (shop_id, code_id) REFERENCES codes,
  FOREIGN KEY (shop_id, referral_id) REFERENCES referrals,
  CONSTRAINT winner_or_reason CHECK ((code_id IS NULL) = (reason IS NOT NULL)),
  CONSTRAINT winner_names_its_click CHECK (
    (code_id IS NULL) = (click_id IS NULL)
    AND (code_id IS NULL) = (clicked_at IS NULL)
    AND (code_id IS NULL) = (carrier IS NULL)
  ),
  CONSTRAINT only_a_winner_opens CHECK (referral_id IS NULL OR code_id IS NOT NULL)
);

CREATE INDEX attributions_person ON attributions (shop_id, person_id, at);
CREATE INDEX attributions_order ON attributions (shop_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX attributions_referral ON attributions (shop_id, referral_id) WHERE referral_id IS NOT NULL;

-- What the screen said and the features it saw, never the hashes: so that a replay always can, and must agree.
CREATE TABLE decisions (
  shop_id     uuid NOT NULL REFERENCES shops,
  id          uuid NOT NULL,
  referral_id uuid NOT NULL,
  phase       text NOT NULL CHECK (phase IN ('open', 'payout')),
  ruleset     text NOT NULL,
  verdict     text NOT NULL CHECK (verdict IN ('pass', 'hold', 'block')),
  score       smallint NOT NULL CHECK (score BETWEEN 0 AND 100),
  features    jsonb NOT NULL,
  rules       jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'array'),
  at          timestamptz NOT NULL,
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, referral_id) REFERENCES referrals,
  CONSTRAINT verdict_has_rules CHECK (verdict = 'pass' OR rules <> '[]')
);

CREATE INDEX decisions_referral ON decisions (shop_id, referral_id, at);

-- Expiry and limits belong to a discount, not to its codes: so one parent per terms version, side and expiry.
CREATE TABLE discount_parents (
  shop_id       uuid NOT NULL REFERENCES shops,
  id            uuid NOT NULL,
  kind          text NOT NULL DEFAULT 'reward' CHECK (kind IN ('reward', 'welcome')),
  terms_version int NOT NULL,
  side          smallint NOT NULL CHECK (side IN (1, 2)),
  expires_at    timestamptz NOT NULL DEFAULT 'infinity',
  part          int NOT NULL DEFAULT 1 CHECK (part > 0), -- the next one when a discount is full of codes
  state         text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'ready', 'blocked')),
  external_id   text, -- the discount's gid
  first_code    text, -- the code that the discount was created with: a reward's, so that no orphan exists
  codes_count   int NOT NULL DEFAULT 0 CHECK (codes_count >= 0),
  created_at    timestamptz NOT NULL,
  PRIMARY KEY (shop_id, id),
  CONSTRAINT one_parent UNIQUE (shop_id, kind, terms_version, side, expires_at, part),
  CONSTRAINT parent_external_once UNIQUE (shop_id, external_id),
  FOREIGN KEY (shop_id, terms_version) REFERENCES terms,
  CONSTRAINT ready_has_external CHECK (state <> 'ready' OR external_id IS NOT NULL),
  CONSTRAINT welcome_is_the_friends CHECK (kind <> 'welcome' OR side = 2)
);

-- The pre-minted pool of friends' codes.
CREATE TABLE welcome_codes (
  shop_id    uuid NOT NULL REFERENCES shops,
  id         uuid NOT NULL,
  code       text NOT NULL CHECK (code <> ''),
  parent_id  uuid NOT NULL,
  state      text NOT NULL DEFAULT 'pooled' CHECK (state IN ('pooled', 'claimed', 'issued', 'used', 'expired')),
  claim_id   uuid,
  reward_id  uuid,
  order_id   bigint,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, id),
  CONSTRAINT welcome_code_once UNIQUE (shop_id, code),
  CONSTRAINT one_code_per_claim UNIQUE (shop_id, claim_id),
  CONSTRAINT one_code_per_reward UNIQUE (shop_id, reward_id),
  FOREIGN KEY (shop_id, parent_id) REFERENCES discount_parents,
  FOREIGN KEY (shop_id, claim_id) REFERENCES claims,
  FOREIGN KEY (shop_id, reward_id) REFERENCES rewards,
  CONSTRAINT pooled_is_free CHECK (state <> 'pooled' OR (claim_id IS NULL AND reward_id IS NULL)),
  CONSTRAINT claimed_names_claim CHECK (state <> 'claimed' OR claim_id IS NOT NULL),
  CONSTRAINT issued_names_reward CHECK (state <> 'issued' OR reward_id IS NOT NULL),
  CONSTRAINT used_names_order CHECK ((state = 'used') = (order_id IS NOT NULL))
);

CREATE INDEX welcome_pool ON welcome_codes (shop_id, parent_id, created_at) WHERE state = 'pooled';

-- Words sent to people. One note per reward and channel, claimed before it is sent.
CREATE TABLE notes (
  shop_id    uuid NOT NULL REFERENCES shops,
  id         uuid NOT NULL,
  reward_id  uuid NOT NULL,
  side       smallint NOT NULL CHECK (side IN (1, 2)),
  person_id  uuid NOT NULL,
  channel    text NOT NULL CHECK (channel IN ('email', 'sms')),
  state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'claimed', 'sent', 'unknown', 'failed')),
  source     text NOT NULL, -- the template's name and language, or the model's name
  body       bytea, -- sealed with the person's key; gone after an erasure
  reason     text, -- why it failed, or is unknown
  created_at timestamptz NOT NULL,
  claimed_at timestamptz,
  ended_at   timestamptz,
  PRIMARY KEY (shop_id, id),
  CONSTRAINT one_note UNIQUE (shop_id, reward_id, channel),
  FOREIGN KEY (shop_id, reward_id) REFERENCES rewards,
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  CONSTRAINT sent_was_claimed CHECK (state NOT IN ('claimed', 'sent', 'unknown') OR claimed_at IS NOT NULL),
  CONSTRAINT ended_has_instant CHECK ((state IN ('sent', 'unknown', 'failed')) = (ended_at IS NOT NULL)),
  CONSTRAINT not_sent_has_reason CHECK (state NOT IN ('unknown', 'failed') OR reason IS NOT NULL)
);

-- What the check_* views returned, so that nobody runs them to draw a page.
CREATE TABLE check_results (
  shop_id    uuid NOT NULL REFERENCES shops,
  check_name text NOT NULL CHECK (check_name ~ '^check_[a-z_]+$'),
  at         timestamptz NOT NULL,
  findings   int NOT NULL CHECK (findings >= 0),
  watermark  timestamptz, -- rows older than this were seen clean before
  PRIMARY KEY (shop_id, check_name, at)
);
