-- Three roles without a login, each reached with SET ROLE on connect and each with a pool of its own.
-- They are never inherited together: a login that read as gw_app and gw_sweep at once would join their
-- policies and see every shop.
--   gw_door   appends clicks and inbox rows of any shop, and reads nothing
--   gw_app    sees and writes the one shop named by the setting app.shop_id
--   gw_sweep  reads keys and due times over all shops, and no facts
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['gw_door', 'gw_app', 'gw_sweep'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      -- Roles belong to the whole server: another database on it may create them at this very moment.
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT NOBYPASSRLS', role_name);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
    -- An owner that is no superuser must be a member to switch to the role. Where another made the roles, that one
    -- has to grant them; until then the application says at its start that it may not.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      BEGIN
        EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
      EXCEPTION
        WHEN insufficient_privilege THEN NULL;
      END;
    END IF;
  END LOOP;
END $$;
