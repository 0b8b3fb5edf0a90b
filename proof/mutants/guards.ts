import pg from "pg";

/** What a refused write names: an index, a constraint, or a trigger that speaks as one. */
export function guardNamedBy(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null;
}

/** Takes a guard out of the database, whatever kind it is. @returns what it was, or null when there is none of that name */
export async function removeGuard(owner: pg.Pool, name: string): Promise<"trigger" | "constraint" | "index" | null> {
  const { rows } = await owner.query<{ kind: "trigger" | "constraint" | "index"; rel: string }>(FIND, [name]);
  const [found] = rows;
  if (found === undefined) return null;
  const quoted = pg.escapeIdentifier(name);
  switch (found.kind) {
    case "trigger":
      await owner.query(`ALTER TABLE ${found.rel} DISABLE TRIGGER ${quoted}`);
      break;
    case "constraint":
      await owner.query(`ALTER TABLE ${found.rel} DROP CONSTRAINT ${quoted} CASCADE`);
      break;
    case "index":
      await owner.query(`DROP INDEX ${quoted}`);
      break;
  }
  return found.kind;
}

const FIND = `
  SELECT 'trigger' AS kind, tgrelid::regclass::text AS rel FROM pg_trigger WHERE tgname = $1 AND NOT tgisinternal
  UNION ALL
  SELECT 'constraint', conrelid::regclass::text FROM pg_constraint WHERE conname = $1 AND contype <> 't'
  UNION ALL
  SELECT 'index', indrelid::regclass::text FROM pg_index WHERE indexrelid = to_regclass('public.' || quote_ident($1))
     AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = $1)
  LIMIT 1`;

/** The `check_*` views that have a row of this shop. */
export async function viewsThatSee(owner: pg.Pool, shopId: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
      WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'check\\_%' AND c.relname <> 'check_overdue' ORDER BY 1`,
  );
  const seeing: string[] = [];
  for (const { name } of rows) {
    const seen = await owner.query(`SELECT FROM ${pg.escapeIdentifier(name)} WHERE shop_id = $1 LIMIT 1`, [shopId]);
    if (seen.rowCount === 1) seeing.push(name);
  }
  return seeing;
}
