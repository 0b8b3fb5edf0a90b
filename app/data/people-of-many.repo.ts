import type { PersonHistory, SealedProfile } from "./people.repo.ts";
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
