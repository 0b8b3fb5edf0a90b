import pg from "pg";

/** A guard of the schema: a constraint, an index or a trigger, and the table that it is on. */
export type Guard = {
  readonly name: string;
  readonly rel: string;
  readonly kind: "trigger" | "constraint" | "index";
};

/** What a refused write names: an index, a constraint, or a trigger that speaks as one. */
export function guardNamedBy(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null;
}

/** Every guard that the schema has by name: keys, CHECKs, unique indexes and constraints, triggers. */
export async function guardsOf(database: pg.Pool | pg.ClientBase): Promise<Guard[]> {
  const { rows } = await database.query<Guard>(GUARDS);
  return rows;
}

// A partition repeats the constraints of its parent; BullMQ keeps to a schema of its own.
const GUARDS = `
  SELECT tgname AS name, tgrelid::regclass::text AS rel, 'trigger' AS kind
    FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
   WHERE c.relnamespace = 'public'::regnamespace AND NOT tgisinternal AND NOT c.relispartition
  UNION ALL
  SELECT conname, conrelid::regclass::text, 'constraint'
    FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
   WHERE c.relnamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u') AND NOT c.relispartition AND conparentid = 0
  UNION ALL
  SELECT indexrelid::regclass::text, indrelid::regclass::text, 'index'
    FROM pg_index JOIN pg_class c ON c.oid = indrelid
   WHERE c.relnamespace = 'public'::regnamespace AND indisunique AND NOT c.relispartition
     AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
   ORDER BY 2, 1`;

/**
 * Takes a guard out of the database, from every table that has one of this name unless one is named.
 *
 * @returns how many there were
 */
export async function removeGuard(database: pg.Pool | pg.ClientBase, name: string, on?: string): Promise<number> {
  const found = (await guardsOf(database)).filter(
    (guard) => guard.name === name && (on === undefined || guard.rel === on),
  );
  for (const guard of found) await database.query(removalOf(guard));
  return found.length;
}

function removalOf({ name, rel, kind }: Guard): string {
  const quoted = pg.escapeIdentifier(name);
  switch (kind) {
    case "trigger":
      return `ALTER TABLE ${rel} DISABLE TRIGGER ${quoted}`;
    case "constraint":
      return `ALTER TABLE ${rel} DROP CONSTRAINT ${quoted} CASCADE`;
    case "index":
      return `DROP INDEX ${quoted}`;
  }
}

/** The `check_*` views that have a row of this shop. */
export async function viewsThatSee(database: pg.Pool | pg.ClientBase, shopId: string): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
      WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'check\\_%' AND c.relname <> 'check_overdue' ORDER BY 1`,
  );
  const looks = rows.map(
    ({ name }) =>
      `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${pg.escapeIdentifier(name)} WHERE shop_id = $1::uuid)`,
  );
  const seen = await database.query<{ name: string }>(looks.join(" UNION ALL "), [shopId]);
  return seen.rows.map(({ name }) => name);
}
