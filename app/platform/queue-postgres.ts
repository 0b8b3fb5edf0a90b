import {
  assertSchemaCompatibility,
  createPostgresBackend,
  DEFAULT_SCHEMA,
  LATEST_SCHEMA_VERSION,
  Queue,
  runMigrations,
  Worker,
} from "bullmq";
import type { PgPool, PostgresConnectionOptions, PostgresQueueBackend } from "bullmq";
import pg from "pg";
import { bullWorkerOptions, pausingAfterErrors, wrapBullQueue, wrapBullWorker } from "./queue-bull.ts";
import type { QueueConnection } from "./queue-connection.ts";

/** Each worker keeps one connection to listen on; the rest serve short statements. */
const CONNECTIONS_MAX = 12;
const CONNECT_TIMEOUT_MS = 2_000;
const OID_INT8 = 20;

/**
 * Queues in PostgreSQL, in BullMQ's own schema `bullmq` beside the app's `public`. The schema is made at the first
 * opening; afterwards the login needs no more than its use.
 *
 * @param options.databaseUrl The database; the login is used as it is, without switching role.
 */
export function connectPostgres(options: { databaseUrl: string; onError: (error: Error) => void }): QueueConnection {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: `-c search_path=${DEFAULT_SCHEMA}`,
    // BullMQ reads bigint columns as text; the rest of the process has them parsed to bigint.
    types: { getTypeParser: parserOf },
  });
  pool.setMaxListeners(0);
  pool.on("error", options.onError);
  // The pool hears idle connections alone; one that is cut while BullMQ holds it must not end the process.
  pool.on("connect", (client) => void client.on("error", options.onError));
  // A real pool is what BullMQ asks for; its declaration only names fewer overloads than pg's.
  const connection = pool as unknown as PgPool;
  let opened = false;

  return {
    backend: "postgres",
    isUp: () => opened,
    async open() {
      const client = await pool.connect();
      try {
        await ensureQueueSchema(client);
        opened = true;
      } finally {
        client.release();
      }
    },
    queue(name, onError) {
      const queue = new Queue(name, { connection }, backendOnOpenPool);
      queue.on("error", onError);
      return wrapBullQueue(name, queue);
    },
    worker(name, process, workOptions, onError) {
      const settings = { connection, ...bullWorkerOptions(workOptions) };
      const worker = new Worker(name, (job: { data: unknown }) => process(job.data), settings, backendOnOpenPool);
      worker.on("error", onError);
      return wrapBullWorker(worker);
    },
    close: () => pool.end(),
  };
}

/**
 * BullMQ looks at the schema once for each queue and, when that fails, never again. `open` has looked already; a
 * database that goes away later must only fail what is asked of it meanwhile.
 */
const backendOnOpenPool = pausingAfterErrors<PostgresQueueBackend, PostgresConnectionOptions>(
  (name, options, factoryOptions) => {
    const backend = createPostgresBackend(name, options, factoryOptions);
    backend.connection.waitUntilReady = () => Promise.resolve();
    return backend;
  },
);

const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") =>
  Number(oid) === OID_INT8 ? String : pg.types.getTypeParser(oid, format);

/**
 * Brings BullMQ's schema to the version of the installed BullMQ, when it is not there yet.
 *
 * @param client One session: BullMQ's migrations hold an advisory lock and a transaction on it.
 */
export async function ensureQueueSchema(client: pg.ClientBase): Promise<void> {
  const version = await assertSchemaCompatibility(client).catch((error: unknown) => {
    if (error instanceof Error && error.name === "SchemaMigrationRequiredError") return 0;
    throw error;
  });
  if (version < LATEST_SCHEMA_VERSION) await runMigrations(client);
}
