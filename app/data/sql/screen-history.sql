-- What a shop's own history says about referrals, or about two people who are in none yet. Every part walks an index over a
-- bounded window and stops at a limit, so that its cost grows with the burst it looks at and not with the shop.
--
--   $1  uuid           shop
--       and of each asked, in lists of one length:
--   $2  uuid[]         the referral, or null
--   $3  uuid[]         friend, the canonical person
--   $4  uuid[]         referrer, the canonical person
--   $5  uuid[]         the code, or null
--   $6  timestamptz[]  when the referral opened
--   $7  timestamptz[]  the click, or null
--   $8  uuid[]         the click's id if a claim brought it, or null
--   $9  text[]         domains to look for on the block list, as a JSON list
--   $10 timestamptz[]  the moment at which signals must still count
--       and for all of them:
--   $11 text[]         reasons for which a referral was stopped as the referrer's own
--
-- Returns one row for each, in their order. Lists are [epoch milliseconds, key] pairs.
SELECT h.*
FROM unnest(
  $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::uuid[], $9::text[], $10::timestamptz[]
) WITH ORDINALITY AS asked (referral, friend, referrer, code, opened_at, clicked_at, claimed_click, domains, signals_at, place)
CROSS JOIN LATERAL (
  WITH RECURSIVE friend AS (
    SELECT id FROM people WHERE shop_id = $1::uuid AND asked.friend IN (id, merged_into)
  ), referrer AS (
    SELECT id FROM people WHERE shop_id = $1::uuid AND asked.referrer IN (id, merged_into)
  ), traces AS (
    SELECT DISTINCT k.kind, k.hash
      FROM friend f JOIN person_keys k ON k.shop_id = $1::uuid AND k.person_id = f.id
     WHERE k.kind IN ('device', 'network', 'card', 'address') AND (k.expires_at IS NULL OR k.expires_at > asked.signals_at)
  ), alike AS (
    -- The newest people that share a trace: ids grow with time, and a burst is made of new people.
    SELECT t.kind, coalesce(p.merged_into, p.id) AS person, p.id
      FROM traces t
     CROSS JOIN LATERAL (
       SELECT k.person_id FROM person_keys k
        WHERE k.shop_id = $1::uuid AND k.kind = t.kind AND k.hash = t.hash
          AND (k.expires_at IS NULL OR k.expires_at > asked.signals_at)
        ORDER BY k.person_id DESC LIMIT 500
     ) o
      JOIN people p ON p.shop_id = $1::uuid AND p.id = o.person_id
  ), own_traces AS (
    SELECT DISTINCT k.kind, k.hash
      FROM referrer n JOIN person_keys k ON k.shop_id = $1::uuid AND k.person_id = n.id
     WHERE k.kind IN ('device', 'card', 'address') AND (k.expires_at IS NULL OR k.expires_at > asked.signals_at)
  ), others AS (
    -- Whoever else was seen with what the referrer was seen with: neither of the two.
    SELECT t.kind, p.id, coalesce(p.merged_into, p.id) AS person
      FROM own_traces t
     CROSS JOIN LATERAL (
       SELECT k.person_id FROM person_keys k
        WHERE k.shop_id = $1::uuid AND k.kind = t.kind AND k.hash = t.hash
          AND (k.expires_at IS NULL OR k.expires_at > asked.signals_at)
        ORDER BY k.person_id DESC LIMIT 500
     ) o
      JOIN people p ON p.shop_id = $1::uuid AND p.id = o.person_id
     WHERE coalesce(p.merged_into, p.id) NOT IN (asked.friend, asked.referrer)
  ), sign_ups AS (
    SELECT DISTINCT a.kind, a.person, r.opened_at
      FROM alike a JOIN referrals r ON r.shop_id = $1::uuid AND r.friend_person = ANY (ARRAY[a.id, a.person])
     WHERE a.kind IN ('device', 'network')
       AND r.opened_at > asked.opened_at - interval '1 day' AND r.opened_at < asked.opened_at + interval '1 day'
  ), up AS (
    -- Nobody has more than one referral that counts, so the way back is one line.
    SELECT asked.referrer AS person, 0 AS hops
    UNION ALL
    SELECT coalesce(p.merged_into, p.id), u.hops + 1
      FROM up u
     CROSS JOIN LATERAL (
       SELECT id FROM people WHERE shop_id = $1::uuid AND id = u.person
       UNION ALL
       SELECT id FROM people WHERE shop_id = $1::uuid AND merged_into = u.person
     ) f
      JOIN referrals r ON r.shop_id = $1::uuid AND r.friend_person = f.id AND r.settlement <> 'VOID'
      JOIN people p ON p.shop_id = $1::uuid AND p.id = r.referrer_person
     WHERE u.hops < 4 AND u.person <> asked.friend
  ), claim AS (
    SELECT claimed_at FROM claims
     WHERE shop_id = $1::uuid AND click_id = asked.claimed_click ORDER BY claimed_at DESC LIMIT 1
  )
  SELECT
    EXISTS (
      SELECT FROM referrals r JOIN friend f ON f.id = r.friend_person
       WHERE r.shop_id = $1::uuid AND r.settlement <> 'VOID' AND r.id IS DISTINCT FROM asked.referral
    ) AS "otherReferral",
    (
      SELECT count(DISTINCT c.person)::int
        FROM alike c JOIN alike h ON h.kind = 'address' AND h.person = c.person
       WHERE c.kind = 'card' AND c.person <> asked.friend AND c.person <> asked.referrer
         AND EXISTS (
           SELECT FROM referrals r
            WHERE r.shop_id = $1::uuid AND r.friend_person = ANY (ARRAY[c.id, c.person]) AND r.opened_at < asked.opened_at
         )
    ) AS "householdFriends",
    (
      SELECT count(DISTINCT o.person)::int FROM others o
       WHERE EXISTS (
         SELECT FROM referrals r WHERE r.shop_id = $1::uuid AND r.friend_person = ANY (ARRAY[o.id, o.person])
         UNION ALL
         SELECT FROM referrals r WHERE r.shop_id = $1::uuid AND r.referrer_person = ANY (ARRAY[o.id, o.person])
       )
    ) AS "peopleAlike",
    (
      -- A rejection that a person undid was none.
      SELECT count(DISTINCT o.person)::int FROM others o
        JOIN referrals r ON r.shop_id = $1::uuid AND r.friend_person = ANY (ARRAY[o.id, o.person])
       WHERE o.kind IN ('card', 'device') AND r.state = 'REJECTED' AND r.reason = ANY ($11::text[])
         AND NOT EXISTS (SELECT FROM referrals u WHERE u.shop_id = $1::uuid AND u.reopens = r.id)
    ) AS "peopleStopped",
    (
      SELECT coalesce(jsonb_agg(jsonb_build_array(extract(epoch FROM minute)::bigint * 1000, network)), '[]')
        FROM (
          SELECT DISTINCT date_trunc('minute', clicked_at) AS minute, encode(prefix_hash, 'hex') AS network
            FROM clicks
           WHERE shop_id = $1::uuid AND code_id = asked.code AND prefix_hash IS NOT NULL AND flags & 3 = 0
             AND clicked_at > asked.clicked_at - interval '1 hour' AND clicked_at < asked.clicked_at + interval '1 hour'
           LIMIT 5000
        ) t
    ) AS taps,
    (
      SELECT coalesce(jsonb_agg(jsonb_build_array(floor(extract(epoch FROM opened_at) * 1000), friend_person)), '[]')
        FROM (
          SELECT coalesce(p.merged_into, p.id) AS friend_person, r.opened_at
            FROM referrals r JOIN people p ON p.shop_id = r.shop_id AND p.id = r.friend_person
           WHERE r.shop_id = $1::uuid AND r.code_id = asked.code
             AND r.opened_at > asked.opened_at - interval '1 day' AND r.opened_at < asked.opened_at + interval '1 day'
           LIMIT 5000
        ) s
    ) AS "signUpsOnCode",
    (
      SELECT jsonb_object_agg(kind, seen) FROM (
        SELECT t.kind, coalesce((
          SELECT jsonb_agg(jsonb_build_array(floor(extract(epoch FROM s.opened_at) * 1000), s.person))
            FROM sign_ups s WHERE s.kind = t.kind
        ), '[]') AS seen
          FROM (SELECT DISTINCT kind FROM traces WHERE kind IN ('device', 'network')) t
      ) k
    ) AS "signUps",
    (SELECT floor(extract(epoch FROM claimed_at) * 1000)::bigint FROM claim) AS "claimedAt",
    (
      SELECT coalesce(jsonb_agg(jsonb_build_array(floor(extract(epoch FROM claimed_at) * 1000), email)), '[]')
        FROM (
          SELECT c.claimed_at, encode(c.email_hash, 'hex') AS email
            FROM claims c CROSS JOIN claim
           WHERE c.shop_id = $1::uuid AND c.code_id = asked.code AND c.email_hash IS NOT NULL
             AND c.claimed_at > claim.claimed_at - interval '1 day' AND c.claimed_at < claim.claimed_at + interval '1 day'
           LIMIT 5000
        ) c
    ) AS claims,
    (
      -- Refunded means that at least half of the money went back, or the whole order was cancelled.
      SELECT count(*)::int FROM (
        SELECT r.later_facts -> 'reversal' AS reversal
          FROM referrer n
         CROSS JOIN LATERAL (
           SELECT later_facts, opened_at FROM referrals
            WHERE shop_id = $1::uuid AND referrer_person = n.id AND state = 'REWARDED'
            ORDER BY opened_at DESC LIMIT 5
         ) r
         ORDER BY r.opened_at DESC LIMIT 5
      ) last_five
       WHERE reversal -> 'reasons' ? 'order_cancelled'
          OR (
            SELECT sum(part.value::numeric) FROM jsonb_each_text(reversal -> 'refunds') AS part
          ) * 2 >= (reversal ->> 'total')::numeric
    ) AS "refundedOfLastFive",
    (SELECT min(hops) FROM up WHERE person = asked.friend AND hops > 0) AS "ringHops",
    (
      SELECT b.kind FROM block_list b
       WHERE b.shop_id = $1::uuid AND b.removed_at IS NULL AND (
         (b.kind = 'person' AND b.subject IN (SELECT id::text FROM friend UNION ALL SELECT id::text FROM referrer))
         OR (b.kind = 'code' AND b.subject = asked.code::text)
         OR (b.kind = 'domain' AND b.subject IN (SELECT jsonb_array_elements_text(asked.domains::jsonb)))
       )
       ORDER BY b.kind DESC LIMIT 1
    ) AS "blockListed"
) h
ORDER BY asked.place;
