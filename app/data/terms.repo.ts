import type { Tx } from "#app/data/tenant.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { termsFromColumns, termsToColumns } from "#app/domain/terms/terms-columns.ts";
import type { TermsRow } from "#app/domain/terms/terms-columns.ts";
import { invariant } from "#app/platform/errors.ts";

export type VersionedTerms = { readonly version: number; readonly terms: Terms };

const TERMS_COLUMNS = `version, currency, exponent, referrer_kind AS "referrerKind", referrer_amount AS "referrerAmount",
  friend_kind AS "friendKind", friend_amount AS "friendAmount", friend_when AS "friendWhen", settings`;

/** @returns the newest version of a shop's terms, or null before the install has made the first. */
export async function currentTerms(tx: Tx, shopId: string): Promise<VersionedTerms | null> {
  const [row] = await tx.query<TermsRow & { version: number }>(
    `SELECT ${TERMS_COLUMNS} FROM terms WHERE shop_id = $1 ORDER BY version DESC LIMIT 1`,
    [shopId],
  );
  return row ? versioned(row) : null;
}

/** @returns one version of a shop's terms; it exists, since a key points at it. */
export async function termsOfVersion(tx: Tx, shopId: string, version: number): Promise<Terms> {
  const memory = memoryOf(tx);
  const key = `${shopId} ${version}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const [row] = await tx.query<TermsRow & { version: number; isOwn: boolean }>(
    `SELECT ${TERMS_COLUMNS}, (xmin = pg_current_xact_id_if_assigned()::xid) IS TRUE AS "isOwn"
       FROM terms WHERE shop_id = $1 AND version = $2`,
    [shopId, version],
  );
  invariant(row, "terms that are pinned exist");
  const { terms } = versioned(row);
  // A version that this transaction made may still be taken back, and its number be another's.
  if (!row.isOwn) remember(memory, key, terms);
  return terms;
}

/** A version never changes: it is read once in each process. */
const memories = new WeakMap<object, Map<string, Terms>>();
const VERSIONS_REMEMBERED_MAX = 2_000;

function memoryOf({ database }: Tx): Map<string, Terms> {
  const memory = memories.get(database) ?? new Map<string, Terms>();
  memories.set(database, memory);
  return memory;
}

function remember(memory: Map<string, Terms>, key: string, terms: Terms): void {
  const [oldest] = memory.keys();
  if (memory.size >= VERSIONS_REMEMBERED_MAX && oldest !== undefined) memory.delete(oldest);
  memory.set(key, terms);
}

/**
 * Adds a version. The primary key decides between two merchants who save at once.
 * @returns false when that version was taken meanwhile
 */
export async function insertTerms(
  tx: Tx,
  args: { shopId: string; version: number; terms: Terms; now: Date },
): Promise<boolean> {
  const row = termsToColumns(args.terms);
  const count = await tx.execute(
    `INSERT INTO terms (shop_id, version, currency, exponent, referrer_kind, referrer_amount, friend_kind, friend_amount,
                        friend_when, settings, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
    [
      args.shopId,
      args.version,
      row.currency,
      row.exponent,
      row.referrerKind,
      row.referrerAmount,
      row.friendKind,
      row.friendAmount,
      row.friendWhen,
      JSON.stringify(row.settings),
      args.now,
    ],
  );
  return count === 1;
}

function versioned(row: TermsRow & { version: number }): VersionedTerms {
  const read = termsFromColumns(row);
  invariant(read.outcome === "ok", "stored terms were valid when they were stored");
  return { version: row.version, terms: read.terms };
}
