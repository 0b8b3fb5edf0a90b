-- Words: what a model or a customer wrote, what a merchant has set and worded, and what the model cost.

-- What was written for a link (its invite) or for a paid referral (both thanks). Asked for once; until it is written, and
-- whenever it cannot be, the templates speak. Words keep their tokens: no link, amount or code is ever in them.
CREATE TABLE drafts (
  shop_id      uuid NOT NULL REFERENCES shops,
  id           uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('invite', 'thanks')),
  subject_id   uuid NOT NULL, -- the code of an invite, the referral of thanks
  state        text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'written', 'templates')),
  reason       text, -- why the templates speak
  model        text, -- who wrote it
  words        jsonb NOT NULL DEFAULT '{}', -- by the kind of note
  own_words    jsonb NOT NULL DEFAULT '{}', -- what the customer made of it
  asked_at     timestamptz NOT NULL,
  ended_at     timestamptz,
  rewrites_on  date, -- the day that `rewrites` counts
  rewrites     smallint NOT NULL DEFAULT 0 CHECK (rewrites >= 0),
  PRIMARY KEY (shop_id, id),
  CONSTRAINT one_draft UNIQUE (shop_id, kind, subject_id),
  CONSTRAINT ended_draft_has_instant CHECK ((state = 'asked') = (ended_at IS NULL)),
  CONSTRAINT written_names_model CHECK (state <> 'written' OR model IS NOT NULL)
);

-- What the model cost in a month, in millionths of a US dollar. The dearest that a call can be is added before it and put
-- right after it, so that no number of calls at once passes the shop's budget.
CREATE TABLE model_spend (
  shop_id       uuid NOT NULL REFERENCES shops,
  month         date NOT NULL CHECK (extract(day FROM month) = 1),
  calls         int NOT NULL DEFAULT 0 CHECK (calls >= 0),
  input_tokens  bigint NOT NULL DEFAULT 0 CHECK (input_tokens >= 0),
  output_tokens bigint NOT NULL DEFAULT 0 CHECK (output_tokens >= 0),
  cost_micros   bigint NOT NULL DEFAULT 0 CHECK (cost_micros >= 0),
  PRIMARY KEY (shop_id, month)
);

CREATE TABLE word_settings (
  shop_id    uuid NOT NULL REFERENCES shops,
  language   text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'de', 'fr', 'es', 'nl', 'ja')),
  model_on   boolean NOT NULL DEFAULT true,
  quiet_from smallint NOT NULL DEFAULT 21 CHECK (quiet_from BETWEEN 0 AND 23), -- hours of the shop's day
  quiet_to   smallint NOT NULL DEFAULT 8 CHECK (quiet_to BETWEEN 0 AND 23),
  team_mail  text[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id)
);

-- The merchant's own wording of a template. What is not here reads as the product words it.
CREATE TABLE word_templates (
  shop_id    uuid NOT NULL REFERENCES shops,
  kind       text NOT NULL CHECK (kind IN ('invite', 'invite_short', 'thanks_referrer', 'thanks_friend', 'thanks_welcome')),
  language   text NOT NULL CHECK (language IN ('en', 'de', 'fr', 'es', 'nl', 'ja')),
  body       text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, kind, language)
);

DO $$
DECLARE
  table_name text;
  owner_name text := current_user;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['drafts', 'model_spend', 'word_settings', 'word_templates']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant ON %1$I TO gw_app, %2$I
         USING (shop_id = current_setting(''app.shop_id'')::uuid)
         WITH CHECK (shop_id = current_setting(''app.shop_id'')::uuid)',
      table_name, owner_name
    );
    EXECUTE format('GRANT SELECT, INSERT ON %I TO gw_app', table_name);
  END LOOP;
END $$;

GRANT UPDATE (state, reason, model, words, own_words, asked_at, ended_at, rewrites_on, rewrites), DELETE ON drafts TO gw_app;
GRANT UPDATE (calls, input_tokens, output_tokens, cost_micros) ON model_spend TO gw_app;
GRANT UPDATE (language, model_on, quiet_from, quiet_to, team_mail, updated_at) ON word_settings TO gw_app;
GRANT UPDATE (body, updated_at), DELETE ON word_templates TO gw_app;

-- A note that nobody has taken yet may still change its way: by text message where there is no address.
GRANT UPDATE (channel) ON notes TO gw_app;
