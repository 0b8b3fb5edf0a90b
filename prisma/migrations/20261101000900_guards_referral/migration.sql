-- What keys cannot say, part two: how a referral begins, moves and ends.

CREATE FUNCTION referral_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  family         uuid[];
  rejected_count int;
  is_its_undo    boolean;
  -- What may still change after the settlement. "settlement" is generated, and NULL in NEW at this point.
  free_columns   constant text[] := ARRAY['later_facts', 'redacted_at', 'evidence', 'order_snapshot', 'settlement'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'PENDING' OR NEW.decided_at IS NOT NULL OR NEW.version <> 0 OR NEW.cap_waived THEN
      PERFORM public.refuse('referral_guard', 'a referral begins PENDING');
    END IF;
    -- Against a merge at the same time; in the order of ids, so that two at once cannot block each other.
    PERFORM FROM public.people
    WHERE shop_id = NEW.shop_id AND id IN (NEW.friend_person, NEW.referrer_person)
    ORDER BY id
    FOR SHARE;

    SELECT array_agg(id) INTO family
    FROM public.people
    WHERE shop_id = NEW.shop_id AND NEW.friend_person IN (id, merged_into);

    IF NOT EXISTS (
      SELECT FROM public.people WHERE shop_id = NEW.shop_id AND id = NEW.friend_person AND merged_into IS NULL
    ) THEN
      PERFORM public.refuse('referral_guard', 'the friend is the canonical person');
    END IF;
    IF NEW.referrer_person = ANY (family) THEN
      PERFORM public.refuse('referral_guard', 'nobody refers himself');
    END IF;
    IF EXISTS (
      SELECT FROM public.referrals
      WHERE shop_id = NEW.shop_id AND friend_person = ANY (family)
        AND friend_person <> NEW.friend_person AND settlement <> 'VOID'
    ) THEN
      PERFORM public.refuse('referral_guard', 'one live or rewarded referral per person, merged ones included');
    END IF;

    -- A rejection is final but for its undo: once, with the same code.
    SELECT count(*), coalesce(bool_or(r.id = NEW.reopens AND r.code_id = NEW.code_id), false)
    INTO rejected_count, is_its_undo
    FROM public.referrals r
    WHERE r.shop_id = NEW.shop_id AND r.friend_person = ANY (family) AND r.state = 'REJECTED'
      AND NOT EXISTS (
        SELECT FROM public.referrals u WHERE u.shop_id = r.shop_id AND u.reopens = r.id
      );
    IF (rejected_count > 0 OR NEW.reopens IS NOT NULL) AND NOT is_its_undo THEN
      PERFORM public.refuse('referral_guard', 'after REJECTED only its undo, with its code');
    END IF;
    RETURN NEW;
  END IF;

  IF (OLD.shop_id, OLD.id, OLD.code_id, OLD.referrer_person, OLD.terms_version,
      OLD.friend_person, OLD.owed, OLD.reopens, OLD.opened_at)
    IS DISTINCT FROM
     (NEW.shop_id, NEW.id, NEW.code_id, NEW.referrer_person, NEW.terms_version,
      NEW.friend_person, NEW.owed, NEW.reopens, NEW.opened_at)
  THEN
    PERFORM public.refuse('referral_guard', 'who, by whom and on what terms is fixed');
  END IF;

  IF OLD.state IN ('PENDING', 'HELD') THEN
    IF NEW.state <> OLD.state AND NOT EXISTS (
      SELECT FROM public.referral_transitions WHERE from_state = OLD.state AND to_state = NEW.state
    ) THEN
      PERFORM public.refuse('referral_guard', OLD.state || ' -> ' || NEW.state);
    END IF;
    IF NEW.qualifying_order <> OLD.qualifying_order THEN
      PERFORM public.refuse('referral_guard', 'an order is recorded once; clear it before another');
    END IF;
  ELSIF to_jsonb(OLD) - free_columns <> to_jsonb(NEW) - free_columns
    OR NEW.evidence <> OLD.evidence
    OR NEW.order_snapshot <> OLD.order_snapshot
    OR OLD.evidence IS NULL AND NEW.evidence IS NOT NULL
    OR OLD.order_snapshot IS NULL AND NEW.order_snapshot IS NOT NULL
  THEN
    PERFORM public.refuse('referral_guard', 'a settled referral does not change: ' || OLD.state);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER referral_guard BEFORE INSERT OR UPDATE ON referrals
  FOR EACH ROW EXECUTE FUNCTION referral_guard();

-- At commit: exactly the owed sides have a pending, each to the right person. While OPEN none is resolved; POSTED
-- means that all are posted, each with its reward; VOID means that all are voided.
CREATE FUNCTION assert_referral(guard text, in_shop uuid, referral uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  agrees boolean;
BEGIN
  SELECT
    coalesce(bit_or(p.side), 0) = r.owed
    AND coalesce(
      bool_and(l.person_id = CASE p.side WHEN 1 THEN r.referrer_person ELSE r.friend_person END), false
    )
    AND CASE r.settlement
      WHEN 'OPEN' THEN count(x.id) = 0
      WHEN 'POSTED' THEN count(w.id) = count(p.id)
      ELSE count(x.id) FILTER (WHERE x.kind = 3) = count(p.id)
    END
  INTO agrees
  FROM public.referrals r
  LEFT JOIN public.ledger_transfers p ON p.shop_id = r.shop_id AND p.referral_id = r.id AND p.kind = 1
  LEFT JOIN public.ledger_accounts l ON l.shop_id = p.shop_id AND l.id = p.credit_account
  LEFT JOIN public.ledger_transfers x ON x.shop_id = p.shop_id AND x.pending_id = p.id
  LEFT JOIN public.rewards w ON w.shop_id = x.shop_id AND w.funding_id = x.id
    AND w.kind = 'earned' AND w.referral_id = r.id AND w.side = p.side
  WHERE r.shop_id = in_shop AND r.id = referral
  GROUP BY r.shop_id, r.id;

  IF agrees IS NOT TRUE THEN
    PERFORM public.refuse(guard, 'referral and ledger disagree: ' || referral);
  END IF;
END $$;

CREATE FUNCTION referral_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.assert_referral(TG_NAME, NEW.shop_id, NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION pending_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.assert_referral(TG_NAME, NEW.shop_id, NEW.referral_id);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER referral_agrees_new AFTER INSERT ON referrals
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION referral_agrees();

CREATE CONSTRAINT TRIGGER referral_agrees AFTER UPDATE ON referrals
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.settlement <> NEW.settlement) EXECUTE FUNCTION referral_agrees();

CREATE CONSTRAINT TRIGGER pending_agrees AFTER INSERT ON ledger_transfers
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 1) EXECUTE FUNCTION pending_agrees();
