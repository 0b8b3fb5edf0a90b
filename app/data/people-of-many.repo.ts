import type { PersonHistory, PersonKey, SealedProfile } from "./people.repo.ts";
import type { Tx } from "./tenant.ts";

/** What `people.repo.ts` asks of one person, asked of many in one statement. */

/** A person's row and those of all who were merged into them. */
const NAMES_OF = `CROSS JOIN LATERAL (SELECT * FROM people WHERE shop_id = $1 AND id = w.id
                                 UNION ALL SELECT * FROM people WHERE shop_id = $1 AND merged_into = w.id) p`;

/** @returns the person that look-ups lead to, for each that was ever merged or not; who is not known is left out */
export async function canonicalOfEach(
  tx: Tx,
  shopId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; canonical: string }>(
    "SELECT id, coalesce(merged_into, id) AS canonical FROM people WHERE shop_id = $1 AND id = ANY ($2::uuid[])",
    [shopId, [...new Set(personIds)]],
  );
  return new Map(rows.map(({ id, canonical }) => [id, canonical]));
}

/** @returns when people, under all their merged names, first and last ordered; who is not known is left out */
export async function historyOfEach(
  tx: Tx,
  shopId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, PersonHistory>> {
  const rows = await tx.query<PersonHistory & { id: string }>(
    `SELECT w.id, min(p.first_order_at) AS "firstOrderAt", max(p.last_order_at) AS "lastOrderAt"
       FROM unnest($2::uuid[]) AS w (id) ${NAMES_OF} GROUP BY w.id`,
    [shopId, [...new Set(personIds)]],
  );
  return new Map(rows.map(({ id, ...history }) => [id, history]));
}

/** @returns the sealed profiles that are kept of people; who has none is left out */
export async function readProfiles(
  tx: Tx,
  shopId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, SealedProfile>> {
  const rows = await tx.query<SealedProfile & { id: string }>(
    `SELECT DISTINCT ON (w.id) w.id, p.profile_enc AS "profileEnc", p.profile_key_wrapped AS "profileKeyWrapped"
       FROM unnest($2::uuid[]) AS w (id) ${NAMES_OF}
      WHERE p.profile_enc IS NOT NULL AND p.erased_at IS NULL ORDER BY w.id, (p.id = w.id) DESC`,
    [shopId, [...new Set(personIds)]],
  );
  return new Map(rows.map(({ id, ...profile }) => [id, profile]));
}

/** Keeps sealed profiles, in the order in which everybody locks people; who was erased never gets one again. */
export async function keepProfiles(
  tx: Tx,
  shopId: string,
  profiles: ReadonlyMap<string, SealedProfile>,
): Promise<void> {
  if (profiles.size === 0) return;
  const [ids, kept] = [[...profiles.keys()], [...profiles.values()]];
  await tx.execute(
    `WITH locked AS MATERIALIZED (
       SELECT p.id, k.enc, k.key FROM unnest($2::uuid[], $3::bytea[], $4::bytea[]) AS k (id, enc, key)
         JOIN people p ON p.shop_id = $1 AND p.id = k.id WHERE p.erased_at IS NULL ORDER BY p.id FOR NO KEY UPDATE OF p)
     UPDATE people p SET profile_enc = l.enc, profile_key_wrapped = l.key
       FROM locked l WHERE p.shop_id = $1 AND p.id = l.id AND p.erased_at IS NULL`,
    [shopId, ids, kept.map(({ profileEnc }) => profileEnc), kept.map(({ profileKeyWrapped }) => profileKeyWrapped)],
  );
}

/**
 * Whom a set of keys leads to: `unknown` when nobody was ever seen with any of them, `known` when one person, the canonical
 * one, identifies by all of them. `other` is everything that takes a closer look.
 */
export type KeysStanding =
  { readonly standing: "unknown" | "other" } | { readonly standing: "known"; readonly personId: string };

/** @returns how each of some sets of keys stands, in the order given */
export async function standingOfKeys(
  tx: Tx,
  shopId: string,
  sets: readonly (readonly PersonKey[])[],
): Promise<KeysStanding[]> {
  const wanted = sets.flatMap((keys, n) => keys.map((key) => ({ n, ...key })));
  const rows = await tx.query<{ n: number; owned: bigint; owners: string[] | null }>(
    `WITH wanted AS MATERIALIZED (                         -- decoded first, as for ownersOfKeys
       SELECT n, kind, decode(hash, 'hex') AS hash FROM unnest($2::int[], $3::text[], $4::text[]) AS w (n, kind, hash))
     SELECT w.n, count(*) FILTER (WHERE k.identifies) AS owned,
            array_agg(DISTINCT coalesce(p.merged_into, p.id)) FILTER (WHERE k.identifies) AS owners
       FROM wanted w
       JOIN person_keys k ON k.shop_id = $1 AND k.kind = w.kind AND k.hash = w.hash
       JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id GROUP BY w.n`,
    [shopId, wanted.map(({ n }) => n), wanted.map(({ kind }) => kind), wanted.map(({ hash }) => hash)],
  );
  const found = new Map(rows.map((row) => [row.n, row]));
  return sets.map((keys, n): KeysStanding => {
    const row = found.get(n);
    if (row === undefined) return { standing: "unknown" };
    const [personId, ...others] = row.owners ?? [];
    const isOne = personId !== undefined && others.length === 0 && Number(row.owned) === keys.length;
    return isOne ? { standing: "known", personId } : { standing: "other" };
  });
}

export type NewPerson = { readonly personId: string; readonly keys: readonly PersonKey[] };

/**
 * Makes people whom nobody knew, with the keys that identify them.
 * @returns how many keys were added: fewer than given means that somebody else was quicker with one
 */
export async function addPeople(tx: Tx, shopId: string, people: readonly NewPerson[], now: Date): Promise<number> {
  if (people.length === 0) return 0;
  await tx.execute("INSERT INTO people (shop_id, id, created_at) SELECT $1, id, $3 FROM unnest($2::uuid[]) AS w (id)", [
    shopId,
    people.map(({ personId }) => personId),
    now,
  ]);
  const keys = people.flatMap(({ personId, keys: own }) => own.map((key) => ({ ...key, personId })));
  return tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id)
     SELECT $1, kind, decode(hash, 'hex'), person_id FROM unnest($2::text[], $3::text[], $4::uuid[]) AS k (kind, hash, person_id)
      ORDER BY kind, hash
     ON CONFLICT DO NOTHING`,
    [shopId, keys.map(({ kind }) => kind), keys.map(({ hash }) => hash), keys.map(({ personId }) => personId)],
  );
}
