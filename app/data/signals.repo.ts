import type { Tx } from "#app/data/tenant.ts";
import type { Traces } from "#app/domain/screen/facts.ts";

/** What is compared between two people and never identifies either: kept as 256-bit keyed hashes in hex. */
export type SignalKind = "device" | "card" | "address" | "network";
export type Signal = {
  readonly kind: SignalKind;
  readonly hash: string;
  /** From then on it says nothing any more; absent for what stays true. Being seen again moves it. */
  readonly expiresAt?: Date;
};

/** Notes signals that a person was seen with; one that is known already only lasts longer. */
export async function noteSignals(
  tx: Tx,
  args: { shopId: string; personId: string; signals: readonly Signal[] },
): Promise<void> {
  const { shopId, personId, signals } = args;
  await noteSignalsOfMany(
    tx,
    shopId,
    signals.map((signal) => ({ ...signal, personId })),
  );
}

export type PersonSignal = Signal & { readonly personId: string };

/** As `noteSignals`, of many people. One that was noted before gets the later end, and is left alone if it has none. */
export async function noteSignalsOfMany(tx: Tx, shopId: string, signals: readonly PersonSignal[]): Promise<void> {
  if (signals.length === 0) return;
  await tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id, identifies, expires_at)
     SELECT $1, kind, decode(hash, 'hex'), person_id, false, max(expires_at)
       FROM unnest($2::text[], $3::text[], $4::uuid[], $5::timestamptz[]) AS s (kind, hash, person_id, expires_at)
      GROUP BY kind, hash, person_id ORDER BY kind, hash, person_id
     ON CONFLICT (shop_id, kind, hash, person_id) DO UPDATE SET expires_at = excluded.expires_at
      WHERE person_keys.expires_at < excluded.expires_at`,
    [
      shopId,
      signals.map((s) => s.kind),
      signals.map((s) => s.hash),
      signals.map((s) => s.personId),
      signals.map((s) => s.expiresAt ?? null),
    ],
  );
}

/** @returns those of some signals that their people were noted with before */
export async function notedAmong(tx: Tx, shopId: string, signals: readonly PersonSignal[]): Promise<PersonSignal[]> {
  const rows = await tx.query<{ place: bigint }>(
    `WITH wanted AS MATERIALIZED (                         -- decoded first, as for ownersOfKeys
       SELECT kind, decode(hash, 'hex') AS hash, person_id, place
         FROM unnest($2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS s (kind, hash, person_id, place))
     SELECT w.place FROM wanted w
       JOIN person_keys k ON k.shop_id = $1 AND k.kind = w.kind AND k.hash = w.hash AND k.person_id = w.person_id`,
    [shopId, signals.map((s) => s.kind), signals.map((s) => s.hash), signals.map((s) => s.personId)],
  );
  const places = new Set(rows.map(({ place }) => Number(place)));
  return signals.filter((_, n) => places.has(n + 1));
}

/** Forgets signals whose time ended before a moment, at most so many. @returns how many */
export async function forgetSignals(tx: Tx, shopId: string, args: { before: Date; rowsMax: number }): Promise<number> {
  return tx.execute(
    `DELETE FROM person_keys WHERE (shop_id, kind, hash, person_id) IN (
       SELECT shop_id, kind, hash, person_id FROM person_keys WHERE shop_id = $1 AND expires_at < $2 LIMIT $3)`,
    [shopId, args.before, args.rowsMax],
  );
}

/**
 * @returns for each of some people, every signal and key that they were known by at a moment, under all their merged names,
 * by kind; in the order given
 */
export async function tracesOfEach(
  tx: Tx,
  shopId: string,
  people: readonly { readonly personId: string; readonly at: Date }[],
): Promise<Traces[]> {
  const rows = await tx.query<{ place: bigint; kind: string; hash: string }>(
    `SELECT w.place, k.kind, encode(k.hash, 'hex') AS hash
       FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS w (id, at, place)
      CROSS JOIN LATERAL (SELECT id FROM people WHERE shop_id = $1 AND id = w.id
                           UNION ALL SELECT id FROM people WHERE shop_id = $1 AND merged_into = w.id) p
       JOIN person_keys k ON k.shop_id = $1 AND k.person_id = p.id
      WHERE k.expires_at IS NULL OR k.expires_at > w.at`,
    [shopId, people.map(({ personId }) => personId), people.map(({ at }) => at)],
  );
  const traces = people.map(() => new Map<string, Set<string>>());
  for (const { place, kind, hash } of rows) {
    const ofPerson = traces[Number(place) - 1];
    if (ofPerson !== undefined) ofPerson.set(kind, (ofPerson.get(kind) ?? new Set()).add(hash));
  }
  return traces;
}
