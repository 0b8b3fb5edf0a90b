import type { PersonKeyKind } from "./people.repo.ts";
import type { Tx } from "./tenant.ts";

/** What an order tells of its buyer: keyed hashes, hex. */
export type Buyer = {
  readonly customerHash: string;
  readonly emailHash: string | null;
  readonly phoneHash: string | null;
  readonly checkoutTokenHash: string | null;
};

/**
 * How a buyer stands: `unknown` when nobody has any of the keys, `known` when one person identifies by all of them and is
 * in no referral as a friend. `other` is everything that needs a closer look, a pixel of that checkout among it; `owners` are the people its keys lead to.
 */
export type BuyerStanding =
  | { readonly standing: "unknown" }
  | { readonly standing: "other"; readonly owners: readonly string[] }
  | { readonly standing: "known"; readonly personId: string; readonly firstOrderAt: Date | null };

/** A key of a buyer that somebody has: who, and how they stand under all their names. */
type KnownKey = {
  readonly n: number;
  readonly identifies: boolean;
  readonly owner: string;
  readonly isReferred: boolean;
  readonly firstOrderAt: Date | null;
};

// OFFSET 0 keeps each step apart: one index scan for each key. The plan is made once and kept, also when it was made for a
// table that was still empty, where joining everything looks cheap.
const KNOWN_KEYS = {
  name: "known_keys_of_buyers",
  text: `
SELECT w.n, k.identifies, o.owner, s.is_referred AS "isReferred", s.first_order_at AS "firstOrderAt"
  FROM unnest($2::int[], $3::text[], $4::text[]) AS w (n, kind, hash)
 CROSS JOIN LATERAL (SELECT person_id, identifies FROM person_keys
                      WHERE shop_id = $1 AND kind = w.kind AND hash = decode(w.hash, 'hex') OFFSET 0) k
 CROSS JOIN LATERAL (SELECT coalesce(merged_into, id) AS owner FROM people WHERE shop_id = $1 AND id = k.person_id OFFSET 0) o
 CROSS JOIN LATERAL (
   SELECT min(m.first_order_at) AS first_order_at,
          coalesce(bool_or(EXISTS (SELECT FROM referrals r WHERE r.shop_id = $1 AND r.friend_person = m.id)), false) AS is_referred
     FROM (SELECT id, first_order_at FROM people WHERE shop_id = $1 AND id = o.owner
            UNION ALL SELECT id, first_order_at FROM people WHERE shop_id = $1 AND merged_into = o.owner) m) s`,
};

/** @returns how each of these buyers stands, in the order given; two statements for all of them */
export async function standingOfBuyers(tx: Tx, shopId: string, buyers: readonly Buyer[]): Promise<BuyerStanding[]> {
  const given = buyers.flatMap((buyer, n) => keysOfBuyer(buyer).map((key) => ({ n, ...key })));
  const [known, seen] = await Promise.all([
    tx.query<KnownKey>(KNOWN_KEYS, [
      shopId,
      given.map(({ n }) => n),
      given.map(({ kind }) => kind),
      given.map(({ hash }) => hash),
    ]),
    checkoutsSeen(
      tx,
      shopId,
      buyers.flatMap(({ checkoutTokenHash }) => checkoutTokenHash ?? []),
    ),
  ]);
  const knownOf = Map.groupBy(known, ({ n }) => n);
  return buyers.map((buyer, n) => {
    const hasPixel = seen.has(buyer.checkoutTokenHash ?? "");
    return standingOf(keysOfBuyer(buyer).length, knownOf.get(n) ?? [], hasPixel);
  });
}

function keysOfBuyer(buyer: Buyer) {
  const keys = [
    { kind: "customer", hash: buyer.customerHash },
    { kind: "email", hash: buyer.emailHash },
    { kind: "phone", hash: buyer.phoneHash },
  ];
  return keys.filter(({ hash }) => hash !== null);
}

/** @returns those of some checkouts that a pixel told of */
async function checkoutsSeen(tx: Tx, shopId: string, checkouts: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ checkout: string }>(
    `SELECT facts ->> 'checkoutTokenHash' AS checkout FROM inbox
      WHERE shop_id = $1 AND topic = 'goodword/pixel' AND facts ->> 'checkoutTokenHash' = ANY ($2::text[])`,
    [shopId, checkouts],
  );
  return new Set(rows.map(({ checkout }) => checkout));
}

function standingOf(keysGiven: number, known: readonly KnownKey[], hasPixel: boolean): BuyerStanding {
  const identifying = known.filter(({ identifies }) => identifies);
  const owners = [...new Set(identifying.map(({ owner }) => owner))];
  if (hasPixel) return { standing: "other", owners };
  if (known.length === 0) return { standing: "unknown" };
  const [first] = identifying;
  const isOnePerson = first !== undefined && owners.length === 1 && identifying.length === keysGiven;
  if (!isOnePerson || first.isReferred) return { standing: "other", owners };
  return { standing: "known", personId: first.owner, firstOrderAt: first.firstOrderAt };
}

/** @returns the people, canonical, whom each of some sets of keyed hashes (hex) leads to, in the order given */
export async function ownersOfEach(tx: Tx, shopId: string, sets: readonly (readonly string[])[]): Promise<string[][]> {
  const wanted = sets.flatMap((hashes, n) => hashes.map((hash) => ({ n, hash })));
  if (wanted.length === 0) return sets.map(() => []);
  const rows = await tx.query<{ n: number; owners: string[] }>(
    `WITH wanted AS MATERIALIZED (                         -- decoded first, as for ownersOfKeys
       SELECT n, kind, decode(hash, 'hex') AS hash
         FROM unnest($2::int[], $3::text[]) AS w (n, hash) CROSS JOIN unnest(ARRAY['customer', 'email', 'phone']) AS known (kind))
     SELECT w.n, array_agg(DISTINCT coalesce(p.merged_into, p.id)) AS owners
       FROM wanted w
       JOIN person_keys k ON k.shop_id = $1 AND k.kind = w.kind AND k.hash = w.hash AND k.identifies
       JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id GROUP BY w.n`,
    [shopId, wanted.map(({ n }) => n), wanted.map(({ hash }) => hash)],
  );
  const owners = new Map(rows.map((row) => [row.n, row.owners]));
  return sets.map((_, n) => owners.get(n) ?? []);
}

/** @returns those of some discount codes (upper-case) that we made: a reward's, or a friend's welcome */
export async function ownCodesAmong(tx: Tx, shopId: string, codes: readonly string[]): Promise<Set<string>> {
  if (codes.length === 0) return new Set();
  const rows = await tx.query<{ code: string }>(
    `SELECT upper(code) AS code FROM rewards WHERE shop_id = $1 AND code = ANY ($2::text[])
     UNION ALL SELECT upper(code) FROM welcome_codes WHERE shop_id = $1 AND code = ANY ($2::text[])
     UNION ALL SELECT upper(welcome_code) FROM claims WHERE shop_id = $1 AND welcome_code = ANY ($2::text[])`,
    [shopId, codes],
  );
  return new Set(rows.map((row) => row.code));
}

export type NewBuyer = {
  readonly personId: string;
  readonly keys: readonly { readonly kind: PersonKeyKind; readonly hash: string }[];
  readonly firstOrderAt: Date;
  readonly lastOrderAt: Date;
};

/**
 * Makes a person of each buyer whom nobody knew.
 * @returns how many keys were added: fewer than given means that somebody else was quicker with one
 */
export async function addNewBuyers(tx: Tx, shopId: string, buyers: readonly NewBuyer[], now: Date): Promise<number> {
  if (buyers.length === 0) return 0;
  const keys = buyers.flatMap((buyer) => buyer.keys.map((key) => ({ ...key, personId: buyer.personId })));
  return tx.execute(
    `WITH met AS (
       INSERT INTO people (shop_id, id, created_at, first_order_at, last_order_at)
       SELECT $1, id, $3, first_order_at, last_order_at
         FROM unnest($2::uuid[], $4::timestamptz[], $5::timestamptz[]) AS b (id, first_order_at, last_order_at))
     INSERT INTO person_keys (shop_id, kind, hash, person_id)
     SELECT $1, kind, decode(hash, 'hex'), person_id FROM unnest($6::text[], $7::text[], $8::uuid[]) AS k (kind, hash, person_id)
      ORDER BY kind, hash
     ON CONFLICT DO NOTHING`,
    [
      shopId,
      buyers.map((buyer) => buyer.personId),
      now,
      buyers.map((buyer) => buyer.firstOrderAt),
      buyers.map((buyer) => buyer.lastOrderAt),
      keys.map((key) => key.kind),
      keys.map((key) => key.hash),
      keys.map((key) => key.personId),
    ],
  );
}

export type BoughtAgain = { readonly personId: string; readonly firstOrderAt: Date; readonly lastOrderAt: Date };

/** Widens what is known of people's order history; who is known by a wider one already is left alone. */
export async function widenHistories(tx: Tx, shopId: string, people: readonly BoughtAgain[]): Promise<void> {
  if (people.length === 0) return;
  // In the order of their ids, as everybody locks people.
  const ordered = people.toSorted((left, right) => (left.personId < right.personId ? -1 : 1));
  await tx.execute(
    `WITH seen AS MATERIALIZED (
       SELECT b.id, b.first_order_at, b.last_order_at
         FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS b (id, first_order_at, last_order_at)
         JOIN people p ON p.shop_id = $1 AND p.id = b.id
        WHERE p.first_order_at IS NULL OR p.first_order_at > b.first_order_at
           OR p.last_order_at IS NULL OR p.last_order_at < b.last_order_at
        ORDER BY b.id FOR NO KEY UPDATE OF p)
     UPDATE people p SET first_order_at = least(p.first_order_at, s.first_order_at),
                         last_order_at = greatest(p.last_order_at, s.last_order_at)
       FROM seen s WHERE p.shop_id = $1 AND p.id = s.id`,
    [
      shopId,
      ordered.map((person) => person.personId),
      ordered.map((person) => person.firstOrderAt),
      ordered.map((person) => person.lastOrderAt),
    ],
  );
}
