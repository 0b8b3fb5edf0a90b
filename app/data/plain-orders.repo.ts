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

type StandingRow = {
  readonly keysGiven: bigint;
  readonly keysFound: bigint;
  readonly keysOwned: bigint;
  readonly owners: string[] | null;
  readonly isReferred: boolean;
  readonly hasPixel: boolean;
  readonly firstOrderAt: Date | null;
};

const STANDING_SQL = `
WITH wanted AS (
  SELECT * FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[]) AS w (n, customer, email, phone, checkout)
), found AS (
  SELECT w.n, count(DISTINCT g.kind) AS given, count(k.hash) AS found, count(k.hash) FILTER (WHERE k.identifies) AS owned,
         array_agg(DISTINCT coalesce(p.merged_into, p.id)) FILTER (WHERE k.identifies) AS owners
    FROM wanted w
   CROSS JOIN LATERAL (VALUES ('customer', w.customer), ('email', w.email), ('phone', w.phone)) AS g (kind, hash)
    LEFT JOIN person_keys k ON k.shop_id = $1 AND k.kind = g.kind AND k.hash = decode(g.hash, 'hex')
    LEFT JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
   WHERE g.hash IS NOT NULL GROUP BY w.n
)
SELECT f.given AS "keysGiven", f.found AS "keysFound", f.owned AS "keysOwned", f.owners,
       EXISTS (SELECT FROM people m JOIN referrals r ON r.shop_id = m.shop_id AND r.friend_person = m.id
                WHERE m.shop_id = $1 AND (m.id = f.owners[1] OR m.merged_into = f.owners[1])) AS "isReferred",
       w.checkout IS NOT NULL AND EXISTS (
         SELECT FROM inbox i WHERE i.shop_id = $1 AND i.topic = 'goodword/pixel' AND i.facts ->> 'checkoutTokenHash' = w.checkout
       ) AS "hasPixel",
       (SELECT min(m.first_order_at) FROM people m
         WHERE m.shop_id = $1 AND (m.id = f.owners[1] OR m.merged_into = f.owners[1])) AS "firstOrderAt"
  FROM wanted w JOIN found f USING (n) ORDER BY n`;

/** @returns how each of these buyers stands, in the order given; one statement for all of them */
export async function standingOfBuyers(tx: Tx, shopId: string, buyers: readonly Buyer[]): Promise<BuyerStanding[]> {
  const rows = await tx.query<StandingRow>({ name: "standing_of_buyers", text: STANDING_SQL }, [
    shopId,
    buyers.map((_, n) => n),
    buyers.map((buyer) => buyer.customerHash),
    buyers.map((buyer) => buyer.emailHash),
    buyers.map((buyer) => buyer.phoneHash),
    buyers.map((buyer) => buyer.checkoutTokenHash),
  ]);
  return rows.map(standingOf);
}

function standingOf(row: StandingRow): BuyerStanding {
  const owners = row.owners ?? [];
  if (row.hasPixel) return { standing: "other", owners };
  if (row.keysFound === 0n) return { standing: "unknown" };
  const [personId, ...others] = owners;
  const isOnePerson = personId !== undefined && others.length === 0 && row.keysOwned === row.keysGiven;
  if (!isOnePerson || row.isReferred) return { standing: "other", owners };
  return { standing: "known", personId, firstOrderAt: row.firstOrderAt };
}

/** @returns the people, canonical, whom each of some sets of keyed hashes (hex) leads to, in the order given */
export async function ownersOfEach(tx: Tx, shopId: string, sets: readonly (readonly string[])[]): Promise<string[][]> {
  const wanted = sets.flatMap((hashes, n) => hashes.map((hash) => ({ n, hash })));
  if (wanted.length === 0) return sets.map(() => []);
  const rows = await tx.query<{ n: number; owners: string[] }>(
    `SELECT w.n, array_agg(DISTINCT coalesce(p.merged_into, p.id)) AS owners
       FROM unnest($2::int[], $3::text[]) AS w (n, hash) CROSS JOIN unnest(ARRAY['customer', 'email', 'phone']) AS known (kind)
       JOIN person_keys k ON k.shop_id = $1 AND k.kind = known.kind AND k.hash = decode(w.hash, 'hex') AND k.identifies
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
  await tx.execute(
    `INSERT INTO people (shop_id, id, created_at, first_order_at, last_order_at)
     SELECT $1, id, $3, first_order_at, last_order_at
       FROM unnest($2::uuid[], $4::timestamptz[], $5::timestamptz[]) AS b (id, first_order_at, last_order_at)`,
    [
      shopId,
      buyers.map((buyer) => buyer.personId),
      now,
      buyers.map((buyer) => buyer.firstOrderAt),
      buyers.map((buyer) => buyer.lastOrderAt),
    ],
  );
  const keys = buyers.flatMap((buyer) => buyer.keys.map((key) => ({ ...key, personId: buyer.personId })));
  return tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id)
     SELECT $1, kind, decode(hash, 'hex'), person_id FROM unnest($2::text[], $3::text[], $4::uuid[]) AS k (kind, hash, person_id)
      ORDER BY kind, hash
     ON CONFLICT DO NOTHING`,
    [shopId, keys.map((key) => key.kind), keys.map((key) => key.hash), keys.map((key) => key.personId)],
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
