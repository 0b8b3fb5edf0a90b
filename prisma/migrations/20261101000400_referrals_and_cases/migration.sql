-- One friend, one referral, one order: and the cases that wait for a person to decide.

-- The whole state machine. The application holds the same table, and a test compares the two.
CREATE TABLE referral_transitions (
  from_state text NOT NULL,
  to_state   text NOT NULL
);

INSERT INTO referral_transitions (from_state, to_state) VALUES
  ('PENDING', 'HELD'),
  ('PENDING', 'REWARDED'),
  ('PENDING', 'REJECTED'),
  ('PENDING', 'EXPIRED'),
  ('PENDING', 'VOIDED'),
  ('HELD', 'PENDING'),
  ('HELD', 'REJECTED'),
  ('HELD', 'EXPIRED'),
  ('HELD', 'VOIDED');

CREATE TABLE referrals (
  shop_id          uuid NOT NULL REFERENCES shops,
  id               uuid NOT NULL,
  code_id          uuid NOT NULL,
  referrer_person  uuid NOT NULL,
  terms_version    int NOT NULL,
  friend_person    uuid NOT NULL,
  owed             smallint NOT NULL CHECK (owed IN (1, 2, 3)), -- sides that must have a pending: 1 referrer, 2 friend, 3 both
  state            text NOT NULL DEFAULT 'PENDING'
    CHECK (state IN ('PENDING', 'HELD', 'REWARDED', 'REJECTED', 'EXPIRED', 'VOIDED')),
  settlement       text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN state IN ('PENDING', 'HELD') THEN 'OPEN' WHEN state = 'REWARDED' THEN 'POSTED' ELSE 'VOID' END
  ) STORED,
  reason           text,
  cap_waived       boolean NOT NULL DEFAULT false, -- a person approved what the cap had held
  reopens          uuid, -- the rejected referral that this one undoes
  evidence         jsonb,
  opened_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at       timestamptz NOT NULL,
  qualifying_order bigint,
  order_at         timestamptz,
  paid_at          timestamptz,
  eligible_at      timestamptz, -- paid_at and the cooling-off
  order_snapshot   jsonb,
  decided_at       timestamptz,
  version          int NOT NULL DEFAULT 0,
  later_facts      jsonb NOT NULL DEFAULT '{}', -- what was learned after the settlement, such as a refund
  redacted_at      timestamptz,
  PRIMARY KEY (shop_id, id),
  CONSTRAINT referral_settlement UNIQUE (shop_id, id, settlement), -- target of the ledger's settlement key
  CONSTRAINT undone_once UNIQUE (shop_id, reopens),
  CONSTRAINT code_owner_and_terms_match FOREIGN KEY (shop_id, code_id, referrer_person, terms_version)
    REFERENCES codes (shop_id, id, person_id, terms_version),
  FOREIGN KEY (shop_id, friend_person) REFERENCES people,
  FOREIGN KEY (shop_id, reopens) REFERENCES referrals,
  CONSTRAINT friend_is_not_referrer CHECK (referrer_person <> friend_person),
  CONSTRAINT not_its_own_undo CHECK (reopens <> id),
  CONSTRAINT open_is_undecided CHECK ((settlement = 'OPEN') = (decided_at IS NULL)),
  CONSTRAINT rewarded_needs_order CHECK (
    state <> 'REWARDED'
    OR (qualifying_order IS NOT NULL AND eligible_at IS NOT NULL AND decided_at >= eligible_at)
  ),
  CONSTRAINT state_needs_reason CHECK (state IN ('PENDING', 'REWARDED') OR reason IS NOT NULL),
  CONSTRAINT expired_has_no_order CHECK (state <> 'EXPIRED' OR qualifying_order IS NULL),
  CONSTRAINT times_need_order CHECK (
    qualifying_order IS NOT NULL OR (order_at IS NULL AND paid_at IS NULL AND eligible_at IS NULL)
  ),
  CONSTRAINT paid_has_eligible CHECK ((paid_at IS NULL) = (eligible_at IS NULL)),
  CONSTRAINT eligible_after_paid CHECK (eligible_at >= paid_at)
);

CREATE UNIQUE INDEX one_live_referral ON referrals (shop_id, friend_person) WHERE settlement <> 'VOID';
CREATE UNIQUE INDEX one_order_once ON referrals (shop_id, qualifying_order)
  WHERE qualifying_order IS NOT NULL AND settlement <> 'VOID';
CREATE INDEX referrals_friend ON referrals (shop_id, friend_person);
CREATE INDEX referrals_referrer ON referrals (shop_id, referrer_person, opened_at);
CREATE INDEX referrals_due ON referrals (shop_id, eligible_at) WHERE state = 'PENDING' AND eligible_at IS NOT NULL;
CREATE INDEX referrals_expiring ON referrals (shop_id, expires_at)
  WHERE settlement = 'OPEN' AND qualifying_order IS NULL;

CREATE TABLE cases (
  shop_id     uuid NOT NULL REFERENCES shops,
  id          uuid NOT NULL,
  kind        text NOT NULL CHECK (
    kind IN ('fraud_hold', 'reward_cap', 'refund_after_reward', 'unknown_fulfilment', 'appeal', 'conflict')
  ),
  referral_id uuid,
  person_id   uuid,
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  decision    text,
  decided_by  text, -- the subject of the session token; names are not stored
  reason      text,
  claw_open   bigint NOT NULL DEFAULT 0 CHECK (claw_open >= 0), -- receivable not yet set off; written by the ledger's trigger alone
  version     int NOT NULL DEFAULT 0,
  opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  escalate_at timestamptz,
  PRIMARY KEY (shop_id, id),
  FOREIGN KEY (shop_id, referral_id) REFERENCES referrals,
  FOREIGN KEY (shop_id, person_id) REFERENCES people,
  CONSTRAINT closed_has_decision CHECK ((state = 'closed') = (decision IS NOT NULL))
);

CREATE UNIQUE INDEX one_open_case ON cases (shop_id, referral_id, kind) WHERE state = 'open' AND referral_id IS NOT NULL;
