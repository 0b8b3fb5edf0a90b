import { readFileSync } from "node:fs";

import { afterAll, expect, test } from "vitest";

import { REFERRAL_TRANSITIONS } from "#app/domain/referral/state.ts";
import { createTestDatabase } from "#test/harness/postgres.ts";

import { parsePrismaSchema } from "./prisma-schema.ts";

const db = await createTestDatabase();
afterAll(db.drop);

const rows = async <Row extends object>(sql: string) => (await db.ownerPool.query<Row>(sql)).rows;
// Tables whose keys cannot, or need not, begin with shop_id; and the one other key: shops.domain.
const EXCEPTIONS = "('shops', 'referral_transitions', '_prisma_migrations')";

test("every primary key, unique index and foreign key begins with shop_id", async () => {
  const keys = await rows<{ key: string; first: string }>(`
    SELECT i.indexrelid::regclass::text AS key, a.attname::text AS first
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
     WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND c.relname NOT IN ${EXCEPTIONS}
    UNION ALL
    SELECT k.conrelid::regclass || '.' || k.conname, a.attname::text
      FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.connamespace = 'public'::regnamespace AND k.contype = 'f'`);
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter((key) => key.first !== "shop_id")).toEqual([]);
});

test("the only keys of the named exceptions are the ones that are meant", async () => {
  const keys = await rows<{ name: string }>(`
    SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ${EXCEPTIONS} AND i.indisunique ORDER BY 1`);
  expect(keys.map((key) => key.name)).toEqual(["_prisma_migrations_pkey", "shops_domain_key", "shops_pkey"]);
});

test("every table forces row security, partitions included", async () => {
  const tables = await rows<{ name: string; forced: boolean; policies: number }>(`
    SELECT c.relname::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
           (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant') AS policies
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND c.relname NOT IN ('referral_transitions', '_prisma_migrations')`);
  expect(tables.length).toBeGreaterThanOrEqual(26);
  expect(tables.filter((table) => !table.forced)).toEqual([]);
  expect(tables.filter((table) => table.policies === 0).map((table) => table.name)).toEqual(["clicks_default"]);
});

test("no partition has a grant, and the runtime roles can neither log in nor bypass", async () => {
  expect(await rows("SELECT FROM check_catalog")).toEqual([]);
  expect(
    await rows(`
    SELECT c.relname FROM pg_class c CROSS JOIN aclexplode(c.relacl) g
     WHERE c.relispartition AND g.grantee <> c.relowner`),
  ).toEqual([]);
  const roles = await rows<{ rolname: string }>(`
    SELECT rolname FROM pg_roles WHERE rolname LIKE 'gw\\_%'
       AND NOT (rolcanlogin OR rolinherit OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb) ORDER BY 1`);
  expect(roles.map((role) => role.rolname)).toEqual(["gw_app", "gw_door", "gw_sweep"]);
});

test("nothing is granted to everybody", async () => {
  const open = await rows(`
    SELECT c.relname FROM pg_class c CROSS JOIN aclexplode(c.relacl) g
     WHERE c.relnamespace = 'public'::regnamespace AND g.grantee = 0`);
  expect(open).toEqual([]);
});

test("the door may insert clicks and inbox rows and do nothing else", async () => {
  const grants = await rows(`
    SELECT table_name::text AS "table", privilege_type::text AS privilege FROM information_schema.role_table_grants
     WHERE grantee = 'gw_door' ORDER BY 1, 2`);
  expect(grants).toEqual([
    { table: "clicks", privilege: "INSERT" },
    { table: "inbox", privilege: "INSERT" },
  ]);
});

test("the database's state machine is the domain's", async () => {
  const pairs = await rows<{ pair: string }>("SELECT from_state || '>' || to_state AS pair FROM referral_transitions");
  expect(pairs.map(({ pair }) => pair).toSorted()).toEqual(
    REFERRAL_TRANSITIONS.map(([from, to]) => `${from}>${to}`).toSorted(),
  );
});

const PRISMA_TYPES: Record<string, string> = {
  uuid: "String",
  text: "String",
  "text[]": "String",
  smallint: "Int",
  integer: "Int",
  bigint: "BigInt",
  boolean: "Boolean",
  bytea: "Bytes",
  jsonb: "Json",
  date: "DateTime",
  "timestamp with time zone": "DateTime",
  "timestamp with time zone[]": "DateTime",
};

test("schema.prisma has every table and column, with its type and nullability, and no other", async () => {
  const columns = await rows<{ table: string; column: string; type: string; required: boolean }>(`
    SELECT c.relname::text AS "table", a.attname::text AS "column", format_type(a.atttypid, NULL) AS type, a.attnotnull AS required
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname NOT IN ('referral_transitions', '_prisma_migrations')`);
  const inDatabase = columns.map(({ table, column, type, required }) => {
    const isList = type.endsWith("[]");
    return `${table}.${column} ${PRISMA_TYPES[type] ?? type}${isList ? "[]" : required ? "" : "?"}`;
  });
  const models = parsePrismaSchema(readFileSync(new URL("../../prisma/schema.prisma", import.meta.url), "utf8"));
  const inPrisma = models.flatMap((model) =>
    model.fields.map((field) => `${model.table}.${field.column} ${field.type}`),
  );
  expect(inPrisma.toSorted()).toEqual(inDatabase.toSorted());
});

test("schema.prisma names every primary key, and explains every model and field", async () => {
  const keys = await rows<{ table: string; columns: string }>(`
    SELECT c.relname::text AS "table", string_agg(a.attname::text, ',' ORDER BY k.place) AS columns
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      CROSS JOIN unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
     WHERE c.relnamespace = 'public'::regnamespace AND i.indisprimary AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
     GROUP BY 1`);
  const models = parsePrismaSchema(readFileSync(new URL("../../prisma/schema.prisma", import.meta.url), "utf8"));
  expect(models.map((model) => `${model.table} ${model.key.join(",")}`).toSorted()).toEqual(
    keys.map((key) => `${key.table} ${key.columns}`).toSorted(),
  );
  expect(models.flatMap((model) => model.undocumented.map((name) => `${model.table}.${name}`))).toEqual([]);
});
