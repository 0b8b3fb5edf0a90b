-- Tenants. Every table holds its rows behind row security that not even its owner escapes; a superuser does, and
-- the application refuses to start as one. After a transaction-local set_config the setting reads '' rather than
-- unset: both raise an error, so a forgotten shop fails closed. No partition has a policy or a grant: its rows are
-- reached through the parent or not at all.
DO $$
DECLARE
  table_name text;
  key_column text;
  owner_name text := current_user;
BEGIN
  FOR table_name IN
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND relname NOT IN ('referral_transitions', '_prisma_migrations')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name);
    CONTINUE WHEN table_name = 'clicks_default';

    key_column := CASE table_name WHEN 'shops' THEN 'id' ELSE 'shop_id' END;
    EXECUTE format(
      'CREATE POLICY tenant ON %1$I TO gw_app, %2$I
         USING (%3$I = current_setting(''app.shop_id'')::uuid)
         WITH CHECK (%3$I = current_setting(''app.shop_id'')::uuid)',
      table_name, owner_name, key_column
    );
    EXECUTE format('GRANT SELECT, INSERT ON %I TO gw_app', table_name);
  END LOOP;
END $$;

GRANT SELECT ON referral_transitions TO gw_app;

-- The application may change these columns and no others; amounts, owners and remainders are not among them.
GRANT UPDATE (
  domain, domains, primary_domain, primary_origin, name, currency, exponent, timezone, scopes, protected_fields,
  identity_key_wrapped, payouts_paused, installed_at, uninstalled_at, backfilled_at, purged_at
) ON shops TO gw_app;
GRANT UPDATE (merged_into, profile_enc, profile_key_wrapped, first_order_at, last_order_at, mails_stopped_at, erased_at) ON people TO gw_app;
GRANT UPDATE (identifies, expires_at), DELETE ON person_keys TO gw_app;
GRANT UPDATE (state, retired_reason, code) ON codes TO gw_app;
GRANT DELETE ON code_aliases, clicks TO gw_app;
GRANT UPDATE (
  state, reason, cap_waived, evidence, qualifying_order, order_at, paid_at, eligible_at, order_snapshot,
  decided_at, version, later_facts, redacted_at
) ON referrals TO gw_app;
GRANT UPDATE (state, decision, decided_by, reason, version, escalate_at) ON cases TO gw_app;
GRANT UPDATE (status, code, external_id, expires_at) ON rewards TO gw_app;
GRANT UPDATE (used, cap, recent, recent_cap) ON cap_counters TO gw_app;
GRANT UPDATE (state, attempts, wake_key, next_at, facts), DELETE ON inbox TO gw_app;
GRANT UPDATE (state, attempts, external_id, lease_until, next_at, payload) ON outbox TO gw_app;

GRANT UPDATE (
  domain, state, is_online, scope, access_token, refresh_token, expires_at, refresh_expires_at, user_id, user_scope,
  updated_at
), DELETE ON sessions TO gw_app;
GRANT UPDATE (welcome_code, state, email_hash, prefix_hash, cart_token_hash), DELETE ON claims TO gw_app;
GRANT UPDATE (state, external_id, first_code, codes_count) ON discount_parents TO gw_app;
GRANT UPDATE (state, claim_id, reward_id, order_id, changed_at) ON welcome_codes TO gw_app;
GRANT UPDATE (state, source, body, reason, claimed_at, ended_at), DELETE ON notes TO gw_app;
GRANT DELETE ON check_results TO gw_app;

-- The door appends and does nothing else. A bare ON CONFLICT DO NOTHING works; a conflict target, or RETURNING,
-- would need the right to read.
GRANT INSERT ON clicks, inbox TO gw_door;
CREATE POLICY door ON clicks FOR INSERT TO gw_door WITH CHECK (true);
CREATE POLICY door ON inbox FOR INSERT TO gw_door WITH CHECK (true);

-- The sweep finds what is due, and for which shops, without seeing what it is.
GRANT SELECT (shop_id, id, next_at) ON inbox, outbox TO gw_sweep;
GRANT SELECT (id) ON shops TO gw_sweep;
CREATE POLICY sweep ON inbox FOR SELECT TO gw_sweep USING (true);
CREATE POLICY sweep ON outbox FOR SELECT TO gw_sweep USING (true);
CREATE POLICY sweep ON shops FOR SELECT TO gw_sweep USING (true);
