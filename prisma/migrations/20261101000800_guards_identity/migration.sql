-- What keys cannot say, part one: rows that stay, people, codes, notes.
-- In every function below names are qualified, so that a temporary table cannot shadow them; and a row that row
-- security hides counts as absent and is refused.

CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is forbidden', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001', CONSTRAINT = TG_NAME;
END $$;

-- What fails names the guard that refused it, as a CHECK would.
CREATE FUNCTION refuse(guard text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', what USING ERRCODE = '23514', CONSTRAINT = guard;
END $$;

-- The record is append-only; what has a life of its own may change, but never go.
DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['ledger_transfers', 'ledger_units', 'ledger_accounts', 'audit', 'terms', 'decisions', 'attributions'] LOOP
    EXECUTE format('CREATE TRIGGER keep_row BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION forbid()', kept);
    EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid()', kept);
  END LOOP;
  FOREACH kept IN ARRAY ARRAY['referrals', 'rewards', 'cases', 'people'] LOOP
    EXECUTE format('CREATE TRIGGER keep_row BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION forbid()', kept);
    EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION forbid()', kept);
  END LOOP;
END $$;

-- A person or a case that is born merged, or with a receivable, would have skipped the guards of those changes.
CREATE FUNCTION begins_clean() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(to_jsonb(NEW) ->> 'claw_open', '0') <> '0' OR to_jsonb(NEW) ->> 'merged_into' IS NOT NULL THEN
    PERFORM public.refuse('begins_clean', 'begins unmerged, with nothing clawed back');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER begins_clean BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION begins_clean();
CREATE TRIGGER begins_clean BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION begins_clean();

-- Merges go only forward: a merged person may only follow the one that he was merged into.
CREATE FUNCTION person_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.merged_into IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.people
    WHERE shop_id = OLD.shop_id AND id = OLD.merged_into AND merged_into = NEW.merged_into
  ) THEN
    PERFORM public.refuse('person_guard', 'a merge is not undone or redirected');
  END IF;
  -- Orders this merge against another merge, code or referral of the same person.
  PERFORM FROM public.people WHERE shop_id = NEW.shop_id AND id = NEW.merged_into FOR NO KEY UPDATE;
  RETURN NEW;
END $$;

CREATE TRIGGER person_guard BEFORE UPDATE OF merged_into ON people
  FOR EACH ROW WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into) EXECUTE FUNCTION person_guard();

-- At commit a merge is flat, and has settled every conflict that it made.
CREATE FUNCTION merge_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  family     uuid[];
  open_count int;
  paid_count int;
  self_count int;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.people WHERE shop_id = NEW.shop_id AND id = NEW.merged_into AND merged_into IS NULL
  ) OR EXISTS (
    SELECT FROM public.people WHERE shop_id = NEW.shop_id AND merged_into = NEW.id
  ) THEN
    PERFORM public.refuse('merge_agrees', 'merges stay flat: point at the canonical person');
  END IF;

  SELECT array_agg(id) INTO family
  FROM public.people
  WHERE shop_id = NEW.shop_id AND NEW.merged_into IN (id, merged_into);

  SELECT
    count(*) FILTER (WHERE settlement = 'OPEN'),
    count(*) FILTER (WHERE settlement = 'POSTED'),
    count(*) FILTER (WHERE settlement = 'OPEN' AND referrer_person = ANY (family))
  INTO open_count, paid_count, self_count
  FROM public.referrals
  WHERE shop_id = NEW.shop_id AND friend_person = ANY (family) AND settlement <> 'VOID';

  IF open_count + least(paid_count, 1) > 1 OR self_count > 0 THEN
    PERFORM public.refuse('merge_agrees', 'settle the duplicate or self referral in the transaction of the merge');
  END IF;

  IF (
    SELECT count(*) FROM public.codes
    WHERE shop_id = NEW.shop_id AND person_id = ANY (family) AND state = 'active'
  ) > 1 THEN
    PERFORM public.refuse('merge_agrees', 'one active code after a merge');
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER merge_agrees AFTER UPDATE OF merged_into ON people
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION merge_agrees();

CREATE FUNCTION code_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM public.people
    WHERE shop_id = NEW.shop_id AND id = NEW.person_id AND merged_into IS NULL
    FOR SHARE;
    IF NOT FOUND THEN
      PERFORM public.refuse('code_guard', 'codes belong to a canonical person');
    END IF;
    IF EXISTS (
      SELECT FROM public.people m
      JOIN public.codes c ON c.shop_id = m.shop_id AND c.person_id = m.id AND c.state = 'active'
      WHERE m.shop_id = NEW.shop_id AND m.merged_into = NEW.person_id
    ) THEN
      PERFORM public.refuse('code_guard', 'one active code per person, merged ones included');
    END IF;
  ELSIF (OLD.shop_id, OLD.id, OLD.person_id, OLD.terms_version)
      IS DISTINCT FROM (NEW.shop_id, NEW.id, NEW.person_id, NEW.terms_version)
    OR OLD.state = 'retired' AND NEW.state <> 'retired'
    OR NEW.code <> OLD.code
    OR OLD.code IS NULL AND NEW.code IS NOT NULL
  THEN
    PERFORM public.refuse('code_guard', 'a code keeps owner, terms and text; retired is final');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER code_guard BEFORE INSERT OR UPDATE ON codes FOR EACH ROW EXECUTE FUNCTION code_guard();

-- Never sent twice: a note that went out, or may have gone out, never returns to the queue. One that certainly
-- failed may.
CREATE FUNCTION note_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' THEN
      PERFORM public.refuse('note_guard', 'a note begins queued');
    END IF;
  ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('queued', 'claimed'),
    ('queued', 'failed'),
    ('claimed', 'sent'),
    ('claimed', 'unknown'),
    ('claimed', 'failed'),
    ('failed', 'queued')
  ) THEN
    PERFORM public.refuse('note_guard', 'note: ' || OLD.state || ' -> ' || NEW.state);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER note_guard BEFORE INSERT OR UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION note_guard();
