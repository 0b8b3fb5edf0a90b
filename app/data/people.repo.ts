import type { Tx } from "#app/data/tenant.ts";

export type PersonKeyKind = "customer" | "email" | "phone";
export type PersonKey = { readonly kind: PersonKeyKind; readonly hash: string };
export type KeyOwner = PersonKey & { readonly personId: string; readonly customerKeys: number };

export type PersonHistory = { readonly firstOrderAt: Date | null; readonly lastOrderAt: Date | null };

/**
 * Hashes are decoded before they are compared: row security lets no function that might leak look into an index, and the
 * whole shop would be read.
 *
 * @returns for each of the given keys that identifies somebody, its canonical owner (merges followed).
 */
export async function ownersOfKeys(tx: Tx, shopId: string, keys: readonly PersonKey[]): Promise<KeyOwner[]> {
  if (keys.length === 0) return [];
  return tx.query<KeyOwner>(
    `WITH wanted AS MATERIALIZED (
       SELECT kind, decode(hash, 'hex') AS hash FROM unnest($2::text[], $3::text[]) AS w (kind, hash)
     ), owners AS MATERIALIZED (
       SELECT k.kind, k.hash, coalesce(p.merged_into, p.id) AS person
         FROM wanted w
         JOIN person_keys k ON k.shop_id = $1 AND k.kind = w.kind AND k.hash = w.hash AND k.identifies
         JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
     )
     SELECT o.kind, encode(o.hash, 'hex') AS hash, o.person AS "personId",
            (SELECT count(*)::int FROM people m JOIN person_keys c ON c.shop_id = m.shop_id AND c.person_id = m.id
              WHERE m.shop_id = $1 AND o.person IN (m.id, m.merged_into) AND c.kind = 'customer') AS "customerKeys"
       FROM owners o`,
    [shopId, keys.map((key) => key.kind), keys.map((key) => key.hash)],
  );
}

/** @returns whether a canonical person is known by another account of the shop than the one of this hash (hex). */
export async function hasOtherCustomers(tx: Tx, shopId: string, personId: string, hash: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 AS one FROM person_keys k JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
      WHERE k.shop_id = $1 AND k.kind = 'customer' AND k.identifies AND k.hash <> decode($3, 'hex')
        AND $2::uuid IN (p.id, p.merged_into) LIMIT 1`,
    [shopId, personId, hash],
  );
  return rows.length > 0;
}

/** @returns whether an e-mail address was found to be shared by too many customers, and so identifies nobody. */
export async function isCrowdedEmail(tx: Tx, shopId: string, hash: string): Promise<boolean> {
  const rows = await tx.query(
    "SELECT 1 AS one FROM person_keys WHERE shop_id = $1 AND kind = 'email' AND hash = decode($2, 'hex') AND NOT identifies LIMIT 1",
    [shopId, hash],
  );
  return rows.length > 0;
}

/** Inserts a person who is nobody yet. */
export async function insertPerson(tx: Tx, shopId: string, personId: string, now: Date): Promise<void> {
  await tx.execute("INSERT INTO people (shop_id, id, created_at) VALUES ($1, $2, $3)", [shopId, personId, now]);
}

/**
 * Attaches keys to a person; a key that identifies somebody already is left alone.
 * @returns how many rows were added: fewer than asked means that somebody else was quicker or owns one of them
 */
export async function addIdentifyingKeys(
  tx: Tx,
  shopId: string,
  personId: string,
  keys: readonly PersonKey[],
): Promise<number> {
  if (keys.length === 0) return 0;
  return tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id)
     SELECT $1, kind, decode(hash, 'hex'), $2 FROM unnest($3::text[], $4::text[]) AS k (kind, hash)
     ON CONFLICT DO NOTHING`,
    [shopId, personId, keys.map((key) => key.kind), keys.map((key) => key.hash)],
  );
}

/** Notes that a person was seen with a key that does not identify them: evidence for the screen, never identity. */
export async function addWeakKey(tx: Tx, shopId: string, personId: string, key: PersonKey): Promise<void> {
  await tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id, identifies) VALUES ($1, $2, decode($3, 'hex'), $4, false)
     ON CONFLICT DO NOTHING`,
    [shopId, key.kind, key.hash, personId],
  );
}

/** A key that too many customers share (the till's e-mail address) stops identifying anybody. */
export async function stopIdentifying(tx: Tx, shopId: string, key: PersonKey): Promise<void> {
  await tx.execute(
    "UPDATE person_keys SET identifies = false WHERE shop_id = $1 AND kind = $2 AND hash = decode($3, 'hex') AND identifies",
    [shopId, key.kind, key.hash],
  );
}

/** Points one person, and everybody already merged into them, at the canonical person. Conflicts are settled by the caller. */
export async function pointAtCanonical(tx: Tx, shopId: string, personId: string, canonicalId: string): Promise<void> {
  await tx.execute("UPDATE people SET merged_into = $3 WHERE shop_id = $1 AND id = $2", [
    shopId,
    personId,
    canonicalId,
  ]);
  await tx.execute("UPDATE people SET merged_into = $3 WHERE shop_id = $1 AND merged_into = $2", [
    shopId,
    personId,
    canonicalId,
  ]);
}

export type LockedPerson = { readonly id: string; readonly createdAt: Date };

/** Locks people, in the order of their ids so that two merges at once cannot wait for each other. */
export async function lockPeople(tx: Tx, shopId: string, personIds: readonly string[]): Promise<LockedPerson[]> {
  return tx.query<LockedPerson>(
    `SELECT id, created_at AS "createdAt" FROM people WHERE shop_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id
     FOR NO KEY UPDATE`,
    [shopId, personIds],
  );
}

/** @returns the person that look-ups lead to: the one this person was merged into, or they themselves. */
export async function canonicalOf(tx: Tx, shopId: string, personId: string): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    "SELECT coalesce(merged_into, id) AS id FROM people WHERE shop_id = $1 AND id = $2",
    [shopId, personId],
  );
  return row?.id ?? personId;
}

/** @returns whether the shop knows a person by this id. */
export async function personExists(tx: Tx, shopId: string, personId: string): Promise<boolean> {
  const rows = await tx.query("SELECT 1 AS one FROM people WHERE shop_id = $1 AND id = $2", [shopId, personId]);
  return rows.length > 0;
}

/** @returns when a person, under all their merged names, first and last ordered, as far as is known here. */
export async function historyOf(tx: Tx, shopId: string, personId: string): Promise<PersonHistory> {
  const [row] = await tx.query<PersonHistory>(
    `SELECT min(first_order_at) AS "firstOrderAt", max(last_order_at) AS "lastOrderAt"
       FROM people WHERE shop_id = $1 AND $2::uuid IN (id, merged_into)`,
    [shopId, personId],
  );
  return row ?? { firstOrderAt: null, lastOrderAt: null };
}

/** Widens a person's known order history by one order. */
export async function noteOrder(tx: Tx, shopId: string, personId: string, orderedAt: Date): Promise<void> {
  await tx.execute(
    `UPDATE people SET first_order_at = least(first_order_at, $3), last_order_at = greatest(last_order_at, $3)
      WHERE shop_id = $1 AND id = $2
        AND (first_order_at IS NULL OR first_order_at > $3 OR last_order_at IS NULL OR last_order_at < $3)`,
    [shopId, personId, orderedAt],
  );
}

export type SealedProfile = { readonly profileEnc: Buffer; readonly profileKeyWrapped: Buffer };

/** @returns the sealed profile of a person, or null when none is kept (never asked for, or erased). */
export async function readProfile(tx: Tx, shopId: string, personId: string): Promise<SealedProfile | null> {
  const [row] = await tx.query<SealedProfile>(
    `SELECT profile_enc AS "profileEnc", profile_key_wrapped AS "profileKeyWrapped" FROM people
      WHERE shop_id = $1 AND $2::uuid IN (id, merged_into) AND profile_enc IS NOT NULL AND erased_at IS NULL
      ORDER BY (id = $2) DESC LIMIT 1`,
    [shopId, personId],
  );
  return row ?? null;
}

/** Notes that a person wants no more mail; asking twice keeps the first time. */
export async function stopMails(tx: Tx, shopId: string, personId: string, now: Date): Promise<void> {
  await tx.execute(
    "UPDATE people SET mails_stopped_at = coalesce(mails_stopped_at, $3) WHERE shop_id = $1 AND $2::uuid IN (id, merged_into)",
    [shopId, personId, now],
  );
}

/** @returns whether a person, under any of their merged names, wants no mail */
export async function wantsNoMail(tx: Tx, shopId: string, personId: string): Promise<boolean> {
  const rows = await tx.query(
    "SELECT 1 AS one FROM people WHERE shop_id = $1 AND $2::uuid IN (id, merged_into) AND mails_stopped_at IS NOT NULL LIMIT 1",
    [shopId, personId],
  );
  return rows.length > 0;
}

/** Drops a person's profile and the key that opens it, under all their merged names; they never get one again. */
export async function eraseProfile(tx: Tx, shopId: string, personId: string, now: Date): Promise<void> {
  await tx.execute(
    `UPDATE people SET profile_enc = NULL, profile_key_wrapped = NULL, erased_at = coalesce(erased_at, $3)
      WHERE shop_id = $1 AND $2::uuid IN (id, merged_into)`,
    [shopId, personId, now],
  );
  await tx.execute(
    `DELETE FROM person_keys k USING people p
      WHERE k.shop_id = $1 AND p.shop_id = k.shop_id AND p.id = k.person_id AND $2::uuid IN (p.id, p.merged_into)
        AND k.kind IN ('device', 'card', 'address', 'network', 'phone')`,
    [shopId, personId],
  );
}

export type RememberedCustomer = {
  readonly personId: string;
  readonly customerHash: string;
  readonly emailHash: string | null;
  readonly phoneHash: string | null;
  readonly firstOrderAt: Date | null;
  readonly lastOrderAt: Date | null;
};

/**
 * Remembers customers the shop had before the app came, in one statement: a person each, with the keys nobody has yet.
 * A customer who is known already only widens their history. `personId` is used where a person has to be made.
 * @returns how many people were new
 */
export async function rememberCustomers(
  tx: Tx,
  shopId: string,
  customers: readonly RememberedCustomer[],
  now: Date,
): Promise<number> {
  if (customers.length === 0) return 0;
  const [row] = await tx.query<{ added: bigint }>(REMEMBER_SQL, [
    shopId,
    customers.map((c) => c.personId),
    customers.map((c) => c.customerHash),
    customers.map((c) => c.emailHash),
    customers.map((c) => c.phoneHash),
    customers.map((c) => c.firstOrderAt),
    customers.map((c) => c.lastOrderAt),
    now,
  ]);
  return Number(row?.added ?? 0n);
}

const REMEMBER_SQL = `
WITH given AS (
  SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
    AS g (person_id, customer, email, phone, first_order_at, last_order_at)
), wanted AS MATERIALIZED (                               -- decoded first, as for ownersOfKeys
  SELECT g.person_id, k.kind, decode(k.hash, 'hex') AS hash
    FROM given g CROSS JOIN LATERAL (VALUES ('customer', g.customer), ('email', g.email)) AS k (kind, hash)
), owners AS (
  SELECT DISTINCT ON (w.person_id) w.person_id, coalesce(p.merged_into, p.id) AS known_id
    FROM wanted w
    JOIN person_keys k ON k.shop_id = $1 AND k.kind = w.kind AND k.hash = w.hash AND k.identifies
    JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
   ORDER BY w.person_id, k.kind
), twins AS (                                            -- two customers of one page with one e-mail are one person
  SELECT g.*, coalesce(o.known_id, first_value(g.person_id) OVER (PARTITION BY coalesce(g.email, g.customer) ORDER BY g.person_id)) AS target,
         o.known_id IS NOT NULL AS known
    FROM given g LEFT JOIN owners o USING (person_id)
), added AS (
  INSERT INTO people (shop_id, id, created_at, first_order_at, last_order_at)
  SELECT $1, target, $8, min(first_order_at), max(last_order_at) FROM twins WHERE NOT known GROUP BY target
  RETURNING id
), widened AS (
  UPDATE people p SET first_order_at = least(p.first_order_at, t.first_order_at), last_order_at = greatest(p.last_order_at, t.last_order_at)
    FROM (SELECT target, min(first_order_at) AS first_order_at, max(last_order_at) AS last_order_at FROM twins WHERE known GROUP BY target) t
   WHERE p.shop_id = $1 AND p.id = t.target
), keys AS (
  INSERT INTO person_keys (shop_id, kind, hash, person_id)
  SELECT DISTINCT ON (kind, hash) $1, kind, decode(hash, 'hex'), target
    FROM twins CROSS JOIN LATERAL (VALUES ('customer', customer), ('email', email), ('phone', phone)) AS k (kind, hash)
   WHERE hash IS NOT NULL ORDER BY kind, hash, person_id
  ON CONFLICT DO NOTHING
)
SELECT count(*) AS added FROM added`;
