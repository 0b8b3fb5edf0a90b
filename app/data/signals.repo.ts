import type { Tx } from "#app/data/tenant.ts";

/** What is compared between two people and never identifies either: kept as 256-bit keyed hashes in hex. */
export type SignalKind = "device" | "card" | "address" | "network";
export type Signal = { readonly kind: SignalKind; readonly hash: string };

/** Notes signals that a person was seen with; one that is known already is left alone. */
export async function noteSignals(
  tx: Tx,
  args: { shopId: string; personId: string; signals: readonly Signal[] },
): Promise<void> {
  if (args.signals.length === 0) return;
  await tx.execute(
    `INSERT INTO person_keys (shop_id, kind, hash, person_id, identifies)
     SELECT $1, kind, decode(hash, 'hex'), $2, false FROM unnest($3::text[], $4::text[]) AS s (kind, hash)
     ON CONFLICT DO NOTHING`,
    [args.shopId, args.personId, args.signals.map((s) => s.kind), args.signals.map((s) => s.hash)],
  );
}

/** @returns every signal and key a person is known by, under all their merged names, by kind. */
export async function tracesOf(tx: Tx, shopId: string, personId: string): Promise<Map<string, Set<string>>> {
  const rows = await tx.query<{ kind: string; hash: string }>(
    `SELECT k.kind, encode(k.hash, 'hex') AS hash FROM person_keys k
       JOIN people p ON p.shop_id = k.shop_id AND p.id = k.person_id
      WHERE k.shop_id = $1 AND $2::uuid IN (p.id, p.merged_into)`,
    [shopId, personId],
  );
  const traces = new Map<string, Set<string>>();
  for (const { kind, hash } of rows) {
    const known = traces.get(kind) ?? new Set<string>();
    traces.set(kind, known.add(hash));
  }
  return traces;
}
