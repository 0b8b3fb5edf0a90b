-- Who takes part: shops, the people of a shop, the keys that identify them, the offers made to them, their codes.
-- Every id is a UUID made by the application; every key of every table begins with shop_id.

CREATE TABLE shops (
  id                   uuid PRIMARY KEY, -- derived from the myshopify domain, so that the door never looks it up
  domain               text UNIQUE, -- NULL after a purge
  domains              text[] NOT NULL DEFAULT '{}',
  primary_domain       text,
  primary_origin       text CONSTRAINT primary_origin_is_an_origin CHECK (primary_origin ~ '^https?://[^/?#\s]+$'),
  name                 text,
  currency             text CHECK (currency ~ '^[A-Z]{3}$'),
  exponent             smallint CHECK (exponent BETWEEN 0 AND 4),
  timezone             text,
  scopes               text,
  protected_fields     boolean NOT NULL DEFAULT false, -- true once Shopify was seen to send protected customer fields
  identity_key_wrapped bytea, -- 256 random bits under DATA_KEY; NULL only after a purge
  payouts_paused       text, -- the reason; NULL means running
  installed_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  uninstalled_at       timestamptz,
  backfilled_at        timestamptz, -- the known customers have all been read
  purged_at            timestamptz,
  CONSTRAINT shop_has_key_until_purged CHECK (identity_key_wrapped IS NOT NULL OR purged_at IS NOT NULL),
  CONSTRAINT shop_currency_has_exponent CHECK ((currency IS NULL) = (exponent IS NULL))
);

CREATE TABLE people (
  shop_id             uuid NOT NULL REFERENCES shops,
  id                  uuid NOT NULL,
  merged_into         uuid, -- the canonical person; nobody is ever deleted or re-keyed
  profile_enc         bytea,
  profile_key_wrapped bytea,
  first_order_at      timestamptz,
  last_order_at       timestamptz,
  mails_stopped_at    timestamptz, -- asked to get no more mail
  erased_at           timestamptz,
  created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, merged_into) REFERENCES people,
  CONSTRAINT not_merged_into_self CHECK (merged_into <> id),
  CONSTRAINT erased_has_no_profile CHECK (erased_at IS NULL OR (profile_enc IS NULL AND profile_key_wrapped IS NULL)),
  CONSTRAINT orders_in_order CHECK (
    (first_order_at IS NULL) = (last_order_at IS NULL) AND first_order_at <= last_order_at
  )
);

CREATE INDEX people_merged ON people (shop_id, merged_into) WHERE merged_into IS NOT NULL;

-- Keyed hashes. Three kinds identify a person; a value seen on many people stops identifying. The other kinds
-- are signals for the screen: by constraint they can never make two people one.
CREATE TABLE person_keys (
  shop_id    uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('customer', 'email', 'phone', 'device', 'card', 'address', 'network')),
  hash       bytea NOT NULL CHECK (length(hash) = 32),
  person_id  uuid NOT NULL,
  identifies boolean NOT NULL DEFAULT true,
  expires_at timestamptz,
  PRIMARY KEY (shop_id, kind, hash, person_id),
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  CONSTRAINT signals_never_identify CHECK (kind IN ('customer', 'email', 'phone') OR NOT identifies)
);

CREATE UNIQUE INDEX person_key_one_owner ON person_keys (shop_id, kind, hash) WHERE identifies;
CREATE INDEX person_keys_person ON person_keys (shop_id, person_id);

-- A shop's offer: immutable versions. A code pins the version that was in force when it was minted.
CREATE TABLE terms (
  shop_id         uuid NOT NULL REFERENCES shops,
  version         int NOT NULL CHECK (version > 0),
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  exponent        smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4),
  referrer_kind   text NOT NULL CHECK (referrer_kind IN ('fixed', 'percent', 'free_shipping', 'store_credit', 'gift_card')),
  referrer_amount bigint NOT NULL CHECK (referrer_amount > 0), -- minor units, or basis points for a percentage
  friend_kind     text NOT NULL CHECK (friend_kind IN ('fixed', 'percent', 'free_shipping', 'store_credit', 'gift_card')),
  friend_amount   bigint NOT NULL CHECK (friend_amount > 0),
  friend_when     text NOT NULL DEFAULT 'on_first_order' CHECK (friend_when IN ('on_first_order', 'after_first_order')),
  settings        jsonb NOT NULL DEFAULT '{}',
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, version)
);

CREATE TABLE codes (
  shop_id        uuid NOT NULL REFERENCES shops,
  id             uuid NOT NULL,
  code           text CHECK (code ~ '^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{5,6}$'), -- NULL after a shop purge
  person_id      uuid NOT NULL,
  terms_version  int NOT NULL,
  state          text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'retired')),
  retired_reason text CHECK (retired_reason IN ('abuse', 'customer_left', 'replaced', 'merchant')),
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, id),
  UNIQUE (shop_id, code),
  CONSTRAINT code_owner_and_terms UNIQUE (shop_id, id, person_id, terms_version), -- target of the referrals' key
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  FOREIGN KEY (shop_id, terms_version) REFERENCES terms,
  CONSTRAINT retired_has_reason CHECK ((state = 'retired') = (retired_reason IS NOT NULL)),
  CONSTRAINT active_has_text CHECK (code IS NOT NULL OR state = 'retired')
);

CREATE UNIQUE INDEX one_active_code ON codes (shop_id, person_id) WHERE state = 'active';

-- Vanity and imported names. They only lead to a code; the reserved words are paths of the storefront.
CREATE TABLE code_aliases (
  shop_id    uuid NOT NULL,
  alias      text NOT NULL CHECK (
    alias ~ '^[A-Z0-9-]{3,32}$' AND alias NOT IN ('API', 'QR', 'CARD', 'JOIN', 'STATUS', 'CLAIM')
  ),
  code_id    uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, alias),
  FOREIGN KEY (shop_id, code_id) REFERENCES codes
);
