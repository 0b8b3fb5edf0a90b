import type { Tx } from "#app/data/tenant.ts";

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
  if (args.signals.length === 0) return;
  await tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id, identifies, expires_at)
     SELECT $1, kind, decode(hash, 'hex'), $2, false, max(expires_at)
       FROM unnest($3::text[], $4::text[], $5::timestamptz[]) AS s (kind, hash, expires_at)
      GROUP BY kind, hash ORDER BY kind, hash
     ${LASTS_LONGER}`,
    [
      args.shopId,
      args.personId,
      args.signals.map((s) => s.kind),
      args.signals.map((s) => s.hash),
      args.signals.map((s) => s.expiresAt ?? null),
    ],
  );
}

/** The end of an insert of signals: one that was noted before gets the later end, and is left alone if it has none. */
export const LASTS_LONGER = `ON CONFLICT (shop_id, kind, hash, person_id) DO UPDATE SET expires_at = excluded.expires_at
     WHERE person_keys.expires_at < excluded.expires_at`;

/** Forgets signals whose time ended before a moment, at most so many. @returns how many */
export async function forgetSignals(tx: Tx, shopId: string, args: { before: Date; rowsMax: number }): Promise<number> {
  return tx.execute(
    `DELETE FROM person_keys WHERE (shop_id, kind, hash, person_id) IN (
       SELECT shop_id, kind, hash, person_id FROM person_keys WHERE shop_id = $1 AND expires_at < $2 LIMIT $3)`,
    [shopId, args.before, args.rowsMax],
  );
}

/** @returns every signal and key that a person was known by at a moment, under all their merged names, by kind. */
export async function tracesOf(tx: Tx, shopId: string, personId: string, at: Date): Promise<Map<string, Set<string>>> {
  const rows = await tx.query<{ kind: string; hash: string }>(
    `SELECT k.kind, encode(k.hash, 'hex') AS hash FROM person_keys k
       JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
      WHERE k.shop_id = $1 AND $2::uuid IN (p.id, p.merged_into) AND (k.expires_at IS NULL OR k.expires_at > $3)`,
    [shopId, personId, at],
  );
  const traces = new Map<string, Set<string>>();
  for (const { kind, hash } of rows) {
    const known = traces.get(kind) ?? new Set<string>();
    traces.set(kind, known.add(hash));
  }
  return traces;
}
