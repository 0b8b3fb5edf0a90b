-- A merge adds one person's counter to the other's: from then on only the canonical person's is counted with.
CREATE OR REPLACE VIEW check_caps WITH (security_invoker) AS
SELECT c.shop_id, c.subject
FROM cap_counters c
JOIN people s ON s.shop_id = c.shop_id AND s.id = c.subject AND s.merged_into IS NULL
WHERE c.scope = 'referrer' AND c.used <> (
  SELECT count(*)
  FROM rewards w
  JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
  JOIN people p ON p.shop_id = w.shop_id AND p.id = w.person_id
  WHERE w.shop_id = c.shop_id AND w.kind = 'earned' AND w.side = 1 AND NOT r.cap_waived
    AND c.subject IN (p.id, p.merged_into) AND r.opened_at >= c.counts_from
);
