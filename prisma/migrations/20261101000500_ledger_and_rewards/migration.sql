-- Money. One row is one transfer: one debit account, one credit account, one positive amount, so an imbalance
-- cannot be written down. Nothing here is ever edited.

-- One exponent per shop and unit, frozen at its first use. "coupon" counts pieces: a percentage or free shipping
-- has no value until it is used.
CREATE TABLE ledger_units (
  shop_id  uuid NOT NULL REFERENCES shops,
  unit     text NOT NULL CHECK (unit = 'coupon' OR unit ~ '^[A-Z]{3}$'),
  exponent smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4),
  PRIMARY KEY (shop_id, unit),
  CONSTRAINT coupons_are_whole CHECK (unit <> 'coupon' OR exponent = 0)
);

CREATE TABLE ledger_accounts (
  shop_id   uuid NOT NULL,
  id        uuid NOT NULL,
  unit      text NOT NULL,
  person_id uuid,
  type      text NOT NULL CHECK (
    type IN ('reward_expense', 'reward_liability', 'redeemed', 'breakage', 'goodwill', 'claw_back', 'issued_value')
  ),
  PRIMARY KEY (shop_id, id),
  CONSTRAINT one_account UNIQUE NULLS NOT DISTINCT (shop_id, type, unit, person_id),
  CONSTRAINT account_typed UNIQUE (shop_id, id, unit, type), -- target of the transfers' keys
  CONSTRAINT account_owned UNIQUE (shop_id, id, person_id), -- target of the rewards' key
  FOREIGN KEY (shop_id, unit) REFERENCES ledger_units,
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  CONSTRAINT personal_accounts_have_a_person CHECK ((type IN ('reward_liability', 'claw_back')) = (person_id IS NOT NULL))
);

CREATE TABLE ledger_transfers (
  shop_id        uuid NOT NULL,
  id             uuid NOT NULL,
  kind           smallint NOT NULL, -- 1 pending, 2 post, 3 void, 4 single-phase
  purpose        text NOT NULL,
  pending_id     uuid,
  referral_id    uuid,
  side           smallint CHECK (side IN (1, 2)), -- 1 referrer, 2 friend
  debit_account  uuid NOT NULL,
  debit_type     text NOT NULL,
  credit_account uuid NOT NULL,
  credit_type    text NOT NULL,
  unit           text NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  reward_id      uuid,
  case_id        uuid,
  reverses       uuid,
  order_id       bigint,
  code           text,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Three columns that exist for the foreign keys below alone.
  pending_kind   smallint GENERATED ALWAYS AS (CASE WHEN kind IN (2, 3) THEN 1::smallint END) STORED,
  resolved       text GENERATED ALWAYS AS (CASE kind WHEN 2 THEN 'POSTED' WHEN 3 THEN 'VOID' END) STORED,
  drawn          uuid GENERATED ALWAYS AS (
    CASE WHEN purpose IN ('redeem', 'breakage', 'issue', 'offset') THEN reward_id END
  ) STORED,
  PRIMARY KEY (shop_id, id),
  CONSTRAINT not_to_itself CHECK (debit_account <> credit_account),
  CONSTRAINT coupon_is_one CHECK (unit <> 'coupon' OR amount = 1),
  CONSTRAINT allowed_pair CHECK (
    (kind, purpose, debit_type, credit_type) IN (
      (1, 'reward', 'reward_expense', 'reward_liability'),
      (2, 'reward', 'reward_expense', 'reward_liability'),
      (3, 'reward', 'reward_expense', 'reward_liability'),
      (4, 'redeem', 'reward_liability', 'redeemed'),
      (4, 'breakage', 'reward_liability', 'breakage'),
      (4, 'issue', 'reward_liability', 'issued_value'),
      (4, 'offset', 'reward_liability', 'claw_back'),
      (4, 'claw_back', 'claw_back', 'reward_expense'),
      (4, 'waive', 'reward_expense', 'claw_back'),
      (4, 'goodwill', 'goodwill', 'reward_liability'),
      (4, 'replacement', 'breakage', 'reward_liability'),
      (4, 'coupon_cost', 'reward_expense', 'redeemed'),
      (4, 'welcome_cost', 'reward_expense', 'redeemed'),
      (4, 'reverse', 'redeemed', 'reward_liability'),
      (4, 'reverse', 'breakage', 'reward_liability'),
      (4, 'reverse', 'redeemed', 'reward_expense')
    )
  ),
  -- A NULL would slip past the composite keys, so the shape is a rule of its own.
  CONSTRAINT two_phase_shape CHECK (
    (kind IN (2, 3)) = (pending_id IS NOT NULL)
    AND (kind = 4) = (side IS NULL)
    AND (
      kind = 4
      OR (referral_id IS NOT NULL AND reward_id IS NULL AND case_id IS NULL AND order_id IS NULL AND code IS NULL)
    )
  ),
  CONSTRAINT names_its_cause CHECK (
    kind <> 4
    OR CASE
      WHEN purpose IN ('redeem', 'coupon_cost') THEN reward_id IS NOT NULL AND order_id IS NOT NULL AND code IS NOT NULL
      WHEN purpose IN ('breakage', 'issue') THEN reward_id IS NOT NULL
      WHEN purpose IN ('offset', 'claw_back', 'waive') THEN reward_id IS NOT NULL AND case_id IS NOT NULL
      WHEN purpose = 'welcome_cost' THEN order_id IS NOT NULL AND code IS NOT NULL AND reward_id IS NULL
      ELSE case_id IS NOT NULL
    END
  ),
  CONSTRAINT reverse_names_one CHECK ((purpose = 'reverse') = (reverses IS NOT NULL)),
  CONSTRAINT order_and_code_together CHECK ((order_id IS NULL) = (code IS NULL)),
  -- Targets of the resolution key and of the rewards' funding key.
  CONSTRAINT transfer_resolvable UNIQUE (
    shop_id, id, kind, debit_account, credit_account, unit, amount, referral_id, side
  ),
  CONSTRAINT transfer_funds UNIQUE (shop_id, id, kind, purpose, credit_account, unit, amount),
  CONSTRAINT debit_typed FOREIGN KEY (shop_id, debit_account, unit, debit_type)
    REFERENCES ledger_accounts (shop_id, id, unit, type),
  CONSTRAINT credit_typed FOREIGN KEY (shop_id, credit_account, unit, credit_type)
    REFERENCES ledger_accounts (shop_id, id, unit, type),
  FOREIGN KEY (shop_id, referral_id) REFERENCES referrals,
  FOREIGN KEY (shop_id, case_id) REFERENCES cases,
  FOREIGN KEY (shop_id, reverses) REFERENCES ledger_transfers,
  -- A post can only exist beside a REWARDED referral, a void beside a void state, and neither can leave it again.
  CONSTRAINT resolution_fits_state FOREIGN KEY (shop_id, referral_id, resolved)
    REFERENCES referrals (shop_id, id, settlement),
  CONSTRAINT resolution_equals_pending
    FOREIGN KEY (shop_id, pending_id, pending_kind, debit_account, credit_account, unit, amount, referral_id, side)
    REFERENCES ledger_transfers (shop_id, id, kind, debit_account, credit_account, unit, amount, referral_id, side)
);

CREATE UNIQUE INDEX one_pending ON ledger_transfers (shop_id, referral_id, side) WHERE kind = 1;
CREATE UNIQUE INDEX one_resolution ON ledger_transfers (shop_id, pending_id) WHERE pending_id IS NOT NULL;
CREATE UNIQUE INDEX one_use ON ledger_transfers (shop_id, order_id, code, purpose)
  WHERE order_id IS NOT NULL AND purpose <> 'reverse';
CREATE UNIQUE INDEX one_reverse ON ledger_transfers (shop_id, reverses) WHERE reverses IS NOT NULL;
CREATE UNIQUE INDEX one_per_case ON ledger_transfers (shop_id, case_id, purpose)
  WHERE purpose IN ('goodwill', 'replacement', 'claw_back', 'waive');
CREATE UNIQUE INDEX one_claw_back ON ledger_transfers (shop_id, reward_id) WHERE purpose = 'claw_back';
-- Without this one every change of a referral's state scans the ledger for resolution_fits_state.
CREATE INDEX transfers_referral ON ledger_transfers (shop_id, referral_id, resolved);
CREATE INDEX transfers_reward ON ledger_transfers (shop_id, reward_id) WHERE reward_id IS NOT NULL;

CREATE TABLE rewards (
  shop_id         uuid NOT NULL,
  id              uuid NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('earned', 'welcome', 'goodwill', 'replacement')),
  referral_id     uuid,
  side            smallint NOT NULL CHECK (side IN (1, 2)),
  person_id       uuid NOT NULL,
  account_id      uuid,
  unit            text NOT NULL,
  amount          bigint NOT NULL CHECK (amount > 0),
  remaining       bigint NOT NULL, -- written by the ledger's trigger alone
  funding_id      uuid, -- the post, goodwill or replacement entry that paid for it
  funding_kind    smallint GENERATED ALWAYS AS (CASE kind WHEN 'earned' THEN 2::smallint ELSE 4::smallint END) STORED,
  funding_purpose text GENERATED ALWAYS AS (CASE kind WHEN 'earned' THEN 'reward' ELSE kind END) STORED,
  replaces        uuid,
  case_id         uuid,
  status          text NOT NULL DEFAULT 'owed' CHECK (
    status IN ('owed', 'sending', 'issued', 'redeemed', 'expired', 'cancelled', 'blocked', 'unknown', 'offset')
  ),
  code            text,
  external_id     text,
  expires_at      timestamptz,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (shop_id, id),
  CONSTRAINT funds_one_reward UNIQUE (shop_id, funding_id),
  CONSTRAINT replaced_once UNIQUE (shop_id, replaces),
  CONSTRAINT reward_code_once UNIQUE (shop_id, code),
  CONSTRAINT reward_account UNIQUE (shop_id, id, account_id), -- target of drawn_from_its_account
  CONSTRAINT reward_remaining CHECK (remaining BETWEEN 0 AND amount),
  CONSTRAINT granted_by_a_case CHECK ((kind IN ('earned', 'welcome')) = (case_id IS NULL)),
  CONSTRAINT replacement_names_old CHECK ((kind = 'replacement') = (replaces IS NOT NULL)),
  CONSTRAINT earned_by_a_referral CHECK (kind NOT IN ('earned', 'welcome') OR referral_id IS NOT NULL),
  -- A welcome discount is spent before anything is owed: it has no funding, no account, nothing remaining.
  CONSTRAINT all_but_welcome_funded CHECK (
    (kind = 'welcome') = (funding_id IS NULL)
    AND (kind = 'welcome') = (account_id IS NULL)
    AND (kind <> 'welcome' OR (side = 2 AND remaining = 0))
  ),
  CONSTRAINT account_of_its_person FOREIGN KEY (shop_id, account_id, person_id)
    REFERENCES ledger_accounts (shop_id, id, person_id),
  FOREIGN KEY (shop_id, referral_id) REFERENCES referrals,
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  FOREIGN KEY (shop_id, replaces) REFERENCES rewards,
  FOREIGN KEY (shop_id, case_id) REFERENCES cases,
  CONSTRAINT funded FOREIGN KEY (shop_id, funding_id, funding_kind, funding_purpose, account_id, unit, amount)
    REFERENCES ledger_transfers (shop_id, id, kind, purpose, credit_account, unit, amount)
);

CREATE UNIQUE INDEX one_earned ON rewards (shop_id, referral_id, side) WHERE kind IN ('earned', 'welcome');
CREATE INDEX rewards_referral ON rewards (shop_id, referral_id);
CREATE INDEX rewards_person ON rewards (shop_id, person_id);

ALTER TABLE ledger_transfers
  ADD FOREIGN KEY (shop_id, reward_id) REFERENCES rewards,
  ADD CONSTRAINT drawn_from_its_account FOREIGN KEY (shop_id, drawn, debit_account)
    REFERENCES rewards (shop_id, id, account_id);

-- Caps are counters with a CHECK, so that no race can pass them. Lowering a cap writes greatest(cap, used).
CREATE TABLE cap_counters (
  shop_id     uuid NOT NULL REFERENCES shops,
  scope       text NOT NULL CHECK (scope IN ('referrer', 'budget')),
  subject     uuid NOT NULL, -- the canonical referrer, or the shop itself for a budget
  period      date NOT NULL DEFAULT '-infinity',
  unit        text NOT NULL DEFAULT '',
  used        bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  cap         bigint,
  recent      timestamptz[] NOT NULL DEFAULT '{}', -- the rewards of the last 30 days, each with its instant
  recent_cap  int,
  counts_from timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (shop_id, scope, subject, period, unit),
  CONSTRAINT cap_held CHECK (used <= cap),
  CONSTRAINT recent_cap_held CHECK (cardinality(recent) <= recent_cap)
);
