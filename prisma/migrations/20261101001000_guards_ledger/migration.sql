-- What keys cannot say, part three: single-phase entries and the rewards that they fund and use up.

CREATE FUNCTION funding_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.rewards
    WHERE shop_id = NEW.shop_id AND funding_id = NEW.id AND case_id = NEW.case_id
  ) THEN
    PERFORM public.refuse('funding_agrees', 'value without a reward');
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER funding_agrees AFTER INSERT ON ledger_transfers
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.purpose IN ('goodwill', 'replacement')) EXECUTE FUNCTION funding_agrees();

-- The only writer of rewards.remaining and cases.claw_open: their CHECKs refuse every over-use, and the row lock
-- orders two uses at once. It runs as its owner, who alone may write these two columns.
CREATE FUNCTION ledger_effects() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reward   public.rewards;
  reversed public.ledger_transfers;
BEGIN
  IF NEW.reward_id IS NOT NULL THEN
    SELECT * INTO reward FROM public.rewards
    WHERE shop_id = NEW.shop_id AND id = NEW.reward_id
    FOR NO KEY UPDATE;
    IF NOT FOUND OR NEW.referral_id IS DISTINCT FROM reward.referral_id THEN
      PERFORM public.refuse('ledger_effects', 'names another referral than its reward');
    END IF;
  END IF;

  IF NEW.code IS NOT NULL
    AND NEW.purpose NOT IN ('welcome_cost', 'reverse')
    AND NEW.code IS DISTINCT FROM reward.code
  THEN
    PERFORM public.refuse('ledger_effects', 'not this reward''s code');
  END IF;

  IF NEW.purpose IN ('offset', 'claw_back', 'waive') AND (
    NOT EXISTS (
      SELECT FROM public.ledger_accounts a
      JOIN public.cases k ON k.shop_id = a.shop_id AND k.id = NEW.case_id AND k.person_id = a.person_id
      WHERE a.shop_id = NEW.shop_id AND a.type = 'claw_back' AND a.person_id = reward.person_id
        AND a.id IN (NEW.debit_account, NEW.credit_account)
    )
    OR NEW.purpose = 'offset' AND NEW.amount <> reward.amount
    OR NEW.amount > reward.amount
  ) THEN
    PERFORM public.refuse(
      'ledger_effects', 'claw-back: the person of its case, at most the reward; offset: the whole reward'
    );
  END IF;

  IF NEW.purpose = 'reverse' THEN
    SELECT * INTO reversed FROM public.ledger_transfers WHERE shop_id = NEW.shop_id AND id = NEW.reverses;
    IF (reversed.kind, reversed.debit_account, reversed.credit_account, reversed.unit, reversed.amount,
        reversed.referral_id, reversed.reward_id, reversed.order_id, reversed.code)
      IS DISTINCT FROM
       (4::smallint, NEW.credit_account, NEW.debit_account, NEW.unit, NEW.amount,
        NEW.referral_id, NEW.reward_id, NEW.order_id, NEW.code)
      OR reversed.purpose NOT IN ('redeem', 'breakage', 'welcome_cost', 'coupon_cost')
      OR EXISTS (
        SELECT FROM public.rewards WHERE shop_id = NEW.shop_id AND replaces = reversed.reward_id
      )
    THEN
      PERFORM public.refuse('ledger_effects', 'a reversal mirrors one use, of a reward not replaced');
    END IF;
  END IF;

  IF NEW.debit_type = 'reward_liability' OR NEW.purpose = 'reverse' AND NEW.credit_type = 'reward_liability' THEN
    UPDATE public.rewards
    SET remaining = remaining + CASE NEW.purpose WHEN 'reverse' THEN NEW.amount ELSE -NEW.amount END
    WHERE shop_id = NEW.shop_id AND id = NEW.reward_id;
  END IF;

  IF NEW.purpose IN ('claw_back', 'offset', 'waive') THEN
    UPDATE public.cases
    SET claw_open = claw_open + CASE NEW.purpose WHEN 'claw_back' THEN NEW.amount ELSE -NEW.amount END
    WHERE shop_id = NEW.shop_id AND id = NEW.case_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER ledger_effects AFTER INSERT ON ledger_transfers
  FOR EACH ROW WHEN (NEW.kind = 4) EXECUTE FUNCTION ledger_effects();

-- A reward begins whole, and keeps its owner, its value, its funding and, once it has one, its code.
CREATE FUNCTION reward_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.remaining := CASE NEW.kind WHEN 'welcome' THEN 0 ELSE NEW.amount END;
  ELSIF (OLD.shop_id, OLD.id, OLD.kind, OLD.referral_id, OLD.side, OLD.person_id,
         OLD.account_id, OLD.unit, OLD.amount, OLD.funding_id, OLD.replaces, OLD.case_id)
      IS DISTINCT FROM
        (NEW.shop_id, NEW.id, NEW.kind, NEW.referral_id, NEW.side, NEW.person_id,
         NEW.account_id, NEW.unit, NEW.amount, NEW.funding_id, NEW.replaces, NEW.case_id)
    OR NEW.code IS DISTINCT FROM OLD.code AND OLD.code IS NOT NULL
  THEN
    PERFORM public.refuse('reward_guard', 'a reward keeps its owner, value, funding and code');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER reward_guard BEFORE INSERT OR UPDATE ON rewards FOR EACH ROW EXECUTE FUNCTION reward_guard();

CREATE FUNCTION welcome_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.referrals
    WHERE shop_id = NEW.shop_id AND id = NEW.referral_id AND settlement = 'POSTED'
      AND friend_person = NEW.person_id AND owed & 2 = 0
  ) THEN
    PERFORM public.refuse(
      'welcome_agrees', 'a welcome reward belongs to a REWARDED referral that owes its friend nothing'
    );
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER welcome_agrees AFTER INSERT ON rewards
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'welcome') EXECUTE FUNCTION welcome_agrees();

-- A replacement makes no value: it takes, at most, what was broken off the old reward.
CREATE FUNCTION replacement_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_reward public.rewards;
  broken_off bigint;
BEGIN
  SELECT * INTO old_reward FROM public.rewards
  WHERE shop_id = NEW.shop_id AND id = NEW.replaces
  FOR UPDATE;

  SELECT coalesce(sum(t.amount), 0) INTO broken_off
  FROM public.ledger_transfers t
  WHERE t.shop_id = NEW.shop_id AND t.reward_id = old_reward.id AND t.purpose = 'breakage'
    AND NOT EXISTS (
      SELECT FROM public.ledger_transfers v WHERE v.shop_id = t.shop_id AND v.reverses = t.id
    );

  IF old_reward.id IS NULL
    OR old_reward.remaining > 0
    OR old_reward.status NOT IN ('cancelled', 'expired')
    OR (old_reward.person_id, old_reward.unit, old_reward.account_id)
      IS DISTINCT FROM (NEW.person_id, NEW.unit, NEW.account_id)
    OR NEW.amount > broken_off
  THEN
    PERFORM public.refuse(
      'replacement_agrees', 'a replacement takes what was broken off a cancelled or expired reward'
    );
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER replacement_agrees AFTER INSERT ON rewards
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'replacement') EXECUTE FUNCTION replacement_agrees();
