-- Invariants as views: no row when all is well. Each runs with the rights of its reader, per shop, as gw_app.

-- Exactly the owed sides have a pending; none is resolved while OPEN, all are, and rightly, afterwards.
CREATE VIEW check_referral_ledger WITH (security_invoker) AS
SELECT r.shop_id, r.id, r.settlement
FROM referrals r
LEFT JOIN ledger_transfers p ON p.shop_id = r.shop_id AND p.referral_id = r.id AND p.kind = 1
LEFT JOIN ledger_transfers x ON x.shop_id = p.shop_id AND x.pending_id = p.id
GROUP BY r.shop_id, r.id, r.settlement, r.owed
HAVING coalesce(bit_or(p.side), 0) <> r.owed
  OR count(DISTINCT p.id) <> (r.owed & 1) + (r.owed >> 1)
  -- Distinct: a pending that is resolved twice stands here twice.
  OR count(x.id) <> CASE r.settlement WHEN 'OPEN' THEN 0 ELSE count(DISTINCT p.id) END
  OR count(x.id) FILTER (WHERE x.resolved <> r.settlement) > 0;

-- Every post has its reward, every such reward the work to fulfil it, and no side of a referral has two.
CREATE VIEW check_earned WITH (security_invoker) AS
SELECT x.shop_id, x.id
FROM ledger_transfers x
LEFT JOIN rewards w ON w.shop_id = x.shop_id AND w.funding_id = x.id
  AND w.referral_id = x.referral_id AND w.side = x.side
LEFT JOIN outbox o ON o.shop_id = w.shop_id AND o.dedupe_key = 'fulfil:' || w.id
WHERE x.kind = 2 AND o.id IS NULL
UNION ALL
SELECT shop_id, referral_id
FROM rewards
WHERE kind IN ('earned', 'welcome')
GROUP BY shop_id, referral_id, side
HAVING count(*) > 1;

-- An independent fold of the ledger against the counters of the rewards.
CREATE VIEW check_liability WITH (security_invoker) AS
SELECT
  a.shop_id,
  a.id,
  coalesce(credits.total, 0) - coalesce(debits.total, 0) AS balance,
  coalesce(held.total, 0) AS remaining
FROM ledger_accounts a
LEFT JOIN (
  SELECT shop_id, credit_account, sum(amount) AS total FROM ledger_transfers WHERE kind IN (2, 4) GROUP BY 1, 2
) credits ON (credits.shop_id, credits.credit_account) = (a.shop_id, a.id)
LEFT JOIN (
  SELECT shop_id, debit_account, sum(amount) AS total FROM ledger_transfers WHERE kind IN (2, 4) GROUP BY 1, 2
) debits ON (debits.shop_id, debits.debit_account) = (a.shop_id, a.id)
LEFT JOIN (
  SELECT shop_id, account_id, sum(remaining) AS total FROM rewards GROUP BY 1, 2
) held ON (held.shop_id, held.account_id) = (a.shop_id, a.id)
WHERE a.type = 'reward_liability'
  AND coalesce(credits.total, 0) - coalesce(debits.total, 0) <> coalesce(held.total, 0);

CREATE VIEW check_remaining WITH (security_invoker) AS
SELECT w.shop_id, w.id
FROM rewards w
LEFT JOIN ledger_transfers t ON t.shop_id = w.shop_id AND t.reward_id = w.id
  AND (t.debit_account = w.account_id OR t.credit_account = w.account_id)
WHERE w.kind <> 'welcome'
GROUP BY w.shop_id, w.id, w.amount, w.remaining, w.account_id
HAVING w.remaining
  <> w.amount - coalesce(sum(CASE WHEN t.debit_account = w.account_id THEN t.amount ELSE -t.amount END), 0);

CREATE VIEW check_claw_back WITH (security_invoker) AS
SELECT c.shop_id, c.id
FROM cases c
LEFT JOIN ledger_transfers t ON t.shop_id = c.shop_id AND t.case_id = c.id
  AND t.purpose IN ('claw_back', 'offset', 'waive')
GROUP BY c.shop_id, c.id, c.claw_open
HAVING c.claw_open <> coalesce(sum(CASE t.purpose WHEN 'claw_back' THEN t.amount ELSE -t.amount END), 0);

-- One person, one live or rewarded referral, over merges too. (Two that were both rewarded before a merge are a case.)
CREATE VIEW check_one_person WITH (security_invoker) AS
SELECT r.shop_id, coalesce(p.merged_into, p.id) AS person
FROM referrals r
JOIN people p ON p.shop_id = r.shop_id AND p.id = r.friend_person
WHERE r.settlement <> 'VOID'
GROUP BY 1, 2
HAVING count(*) > 1 AND bool_or(r.settlement = 'OPEN');

CREATE VIEW check_settling_audit WITH (security_invoker) AS
SELECT r.shop_id, r.id
FROM referrals r
LEFT JOIN audit a ON a.shop_id = r.shop_id AND a.subject = r.id AND a.action = 'referral.' || lower(r.state)
WHERE r.settlement <> 'OPEN' AND a.id IS NULL;

-- A pending is worth what its terms promised.
CREATE VIEW check_terms_amount WITH (security_invoker) AS
SELECT p.shop_id, p.id
FROM ledger_transfers p
JOIN referrals r ON r.shop_id = p.shop_id AND r.id = p.referral_id
JOIN terms t ON t.shop_id = r.shop_id AND t.version = r.terms_version
CROSS JOIN LATERAL (
  SELECT
    CASE p.side WHEN 1 THEN t.referrer_kind ELSE t.friend_kind END AS kind,
    CASE p.side WHEN 1 THEN t.referrer_amount ELSE t.friend_amount END AS amount
) promised
WHERE p.kind = 1
  AND (p.unit, p.amount) IS DISTINCT FROM (
    CASE WHEN promised.kind IN ('percent', 'free_shipping') THEN 'coupon' ELSE t.currency END,
    CASE WHEN promised.kind IN ('percent', 'free_shipping') THEN 1 ELSE promised.amount END
  );

CREATE VIEW check_caps WITH (security_invoker) AS
SELECT c.shop_id, c.subject
FROM cap_counters c
WHERE c.scope = 'referrer' AND c.used <> (
  SELECT count(*)
  FROM rewards w
  JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
  JOIN people p ON p.shop_id = w.shop_id AND p.id = w.person_id
  WHERE w.shop_id = c.shop_id AND w.kind = 'earned' AND w.side = 1 AND NOT r.cap_waived
    AND c.subject IN (p.id, p.merged_into) AND r.opened_at >= c.counts_from
);

-- Work that waits too long. The reader may set app.now: the application's clock can run ahead of the server's.
CREATE VIEW check_overdue WITH (security_invoker) AS
SELECT due.shop_id, due.id, due.what
FROM (
  SELECT shop_id, id, next_at, 'inbox' AS what FROM inbox
  UNION ALL
  SELECT shop_id, id, next_at, 'outbox' FROM outbox
) due
WHERE due.next_at
  < coalesce(nullif(current_setting('app.now', true), '')::timestamptz, clock_timestamp()) - interval '5 minutes';

CREATE VIEW check_clicks_default WITH (security_invoker) AS
SELECT shop_id, clicked_at FROM clicks WHERE tableoid = 'clicks_default'::regclass;

-- Keys that do not begin with shop_id, tables without forced row security, grants on partitions.
CREATE VIEW check_catalog WITH (security_invoker) AS
SELECT i.indrelid::regclass::text AS rel, i.indexrelid::regclass::text AS what
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
  AND c.relname NOT IN ('shops', '_prisma_migrations')
  AND (SELECT attname FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[0]) <> 'shop_id'
UNION ALL
SELECT k.conrelid::regclass::text, k.conname
FROM pg_constraint k
WHERE k.connamespace = 'public'::regnamespace AND k.contype = 'f'
  AND (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]) <> 'shop_id'
UNION ALL
SELECT oid::regclass::text, 'row security'
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND relname NOT IN ('referral_transitions', '_prisma_migrations')
  AND NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL
SELECT c.oid::regclass::text, 'grant on a partition'
FROM pg_class c
CROSS JOIN aclexplode(c.relacl) g
WHERE c.relispartition AND g.grantee <> c.relowner;

DO $$
DECLARE
  view_name text;
BEGIN
  FOR view_name IN
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND relname LIKE 'check\_%'
  LOOP
    EXECUTE format('GRANT SELECT ON %I TO gw_app', view_name);
  END LOOP;
END $$;
