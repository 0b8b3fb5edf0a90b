import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

// The adapter has no words for the catalogue's own types "char" and name, nor for arrays of them.
const CATALOGUE_TYPES: ReadonlyMap<number, number> = new Map([
  [18, 25], // "char" as text
  [19, 25], // name as text
  [1002, 1009], // "char"[] as text[]
  [1003, 1009], // name[] as text[]
]);

type QueryResult = { fields?: { dataTypeID: number }[] };
type Callback = (error: Error | null, result?: QueryResult) => void;

class CatalogueClient extends pg.Client {
  // pg declares a dozen overloads of query(). The casts only drop them: arguments and result pass as they came.
  override query = ((...args: unknown[]) => {
    const { query } = Object.getPrototypeOf(CatalogueClient.prototype) as { query: (...args: unknown[]) => unknown };
    const done = args.at(-1);
    if (!isCallback(done)) return query.apply(this, args); // how the pool itself talks; we never do
    const rewritten: Callback = (error, result) => done(error, result === undefined ? result : withTextTypes(result));
    return query.apply(this, [...args.slice(0, -1), rewritten]);
  }) as unknown as pg.Client["query"];
}

// A pool calls its clients with a callback, and nothing else in a query is a function.
function isCallback(value: unknown): value is Callback {
  return typeof value === "function";
}

function withTextTypes(result: QueryResult): QueryResult {
  for (const field of result.fields ?? []) field.dataTypeID = CATALOGUE_TYPES.get(field.dataTypeID) ?? field.dataTypeID;
  return result;
}

/**
 * The connection that Prisma's migrations run over.
 *
 * @param databaseUrl The owner's URL.
 * @returns An adapter factory that runs every migration file whole, and so in one transaction.
 */
export function migrationAdapter(databaseUrl: string): PrismaPg {
  const factory = new PrismaPg({
    ...connectionFields(databaseUrl),
    Client: CatalogueClient,
    max: 1,
    allowExitOnIdle: true,
  });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    // The original cuts a script at every semicolon, those inside functions and comments too.
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  };
  return factory;
}

// Fields and not the URL: the adapter would otherwise reach the real database where it means its shadow database.
function connectionFields(databaseUrl: string): pg.PoolConfig {
  if (databaseUrl === "") return {};
  const url = new URL(databaseUrl);
  return {
    host: url.hostname,
    port: url.port === "" ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: ["require", "verify-ca", "verify-full"].includes(url.searchParams.get("sslmode") ?? ""),
  };
}
