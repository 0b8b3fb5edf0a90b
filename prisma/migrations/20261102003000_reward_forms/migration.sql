-- How a reward is given: as a discount code, as store credit or as a gift card; what is known of its sending; and
-- discounts that carry one reward alone.

-- New keys are checked against every shop's rows at once, which the policies keep even the owner from seeing.
ALTER TABLE rewards NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases NO FORCE ROW LEVEL SECURITY;
ALTER TABLE discount_parents NO FORCE ROW LEVEL SECURITY;

ALTER TABLE rewards
  ADD COLUMN form text CHECK (form IN ('code', 'store_credit', 'gift_card')), -- NULL until it is first sent
  ADD COLUMN sends smallint NOT NULL DEFAULT 0 CHECK (sends >= 0), -- calls that may have given it
  ADD COLUMN last_sent_at timestamptz, -- of those calls, the last
  ADD COLUMN in_flight_until timestamptz, -- a call may be on its way until then, by the machine's time; NULL when it has returned
  ADD CONSTRAINT sent_in_a_form CHECK (sends = 0 OR form IS NOT NULL),
  ADD CONSTRAINT credit_has_no_code CHECK (form <> 'store_credit' OR code IS NULL);

-- Store credit cannot be asked for twice under one key: its moment of expiry is what tells one credit from another.
CREATE UNIQUE INDEX store_credit_fingerprint ON rewards (shop_id, expires_at) WHERE form = 'store_credit';

CREATE FUNCTION reward_form_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.form IS DISTINCT FROM OLD.form
    OR OLD.form = 'store_credit' AND NEW.expires_at IS DISTINCT FROM OLD.expires_at
  THEN
    PERFORM public.refuse('reward_form_guard', 'a reward keeps its form, and store credit the moment it expires');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER reward_form_guard BEFORE UPDATE ON rewards
  FOR EACH ROW WHEN (OLD.form IS NOT NULL) EXECUTE FUNCTION reward_form_guard();

-- A case about one reward: both sides of a referral may be in doubt at once.
ALTER TABLE cases
  ADD COLUMN reward_id uuid,
  ADD CONSTRAINT case_reward FOREIGN KEY (shop_id, reward_id) REFERENCES rewards;

DROP INDEX one_open_case;
CREATE UNIQUE INDEX one_open_case ON cases (shop_id, referral_id, kind, reward_id) NULLS NOT DISTINCT
  WHERE state = 'open' AND referral_id IS NOT NULL;
CREATE UNIQUE INDEX one_open_doubt ON cases (shop_id, reward_id, kind) WHERE state = 'open' AND reward_id IS NOT NULL;

-- A discount that the merchant deleted is gone, and the next part takes its codes. One may also carry one reward alone.
ALTER TABLE discount_parents
  ADD COLUMN reward_id uuid,
  ADD CONSTRAINT parent_reward FOREIGN KEY (shop_id, reward_id) REFERENCES rewards,
  DROP CONSTRAINT one_parent,
  DROP CONSTRAINT discount_parents_state_check,
  ADD CONSTRAINT discount_parents_state_check CHECK (state IN ('new', 'ready', 'blocked', 'gone'));

CREATE UNIQUE INDEX one_parent ON discount_parents (shop_id, kind, terms_version, side, expires_at, part)
  WHERE reward_id IS NULL;
CREATE UNIQUE INDEX one_parent_for_a_reward ON discount_parents (shop_id, reward_id, part) WHERE reward_id IS NOT NULL;

-- What a discount's limit of one use was seen to count, or set to count by the merchant: NULL is not known.
ALTER TABLE shops ADD COLUMN usage_limit_counts text CHECK (usage_limit_counts IN ('code', 'discount'));

ALTER TABLE rewards FORCE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
ALTER TABLE discount_parents FORCE ROW LEVEL SECURITY;

GRANT UPDATE (form, sends, last_sent_at, in_flight_until) ON rewards TO gw_app;
GRANT UPDATE (usage_limit_counts) ON shops TO gw_app;
