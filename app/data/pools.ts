import pg from "pg";

/** The three ways into the database, each with a role of its own. */
export type Pools = {
  /** Appends clicks and inbox rows of any shop, and reads nothing. */
  readonly door: pg.Pool;
  /** Sees and writes the one shop that `inShop` names. */
  readonly app: pg.Pool;
  /** Reads keys and due times over all shops. */
  readonly sweep: pg.Pool;
  /** Ends all three, after the queries under way. Calling it twice is fine. */
  readonly end: () => Promise<void>;
};

export type PoolsOptions = {
  readonly databaseUrl: string;
  /** Connections of gw_app; the door gets half as many, the sweep two. */
  readonly connectionsMax?: number;
  /** Called with the error of an idle connection; the pool replaces it by itself. */
  readonly onError?: (role: RuntimeRole, error: Error) => void;
};

export const RUNTIME_ROLES = ["gw_door", "gw_app", "gw_sweep"] as const;
export type RuntimeRole = (typeof RUNTIME_ROLES)[number];

const CONNECTIONS_MAX = 10;
const SWEEP_CONNECTIONS_MAX = 2;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
// No statement of ours is slow: one that is has lost its plan or waits on a lock that nobody will release.
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

const INT8 = 20;
const INT8_ARRAY = 1016;

// Kept to these pools: pg's own registry is shared with every other library that speaks to PostgreSQL.
const types: pg.CustomTypesConfig = {
  // pg's declaration has an overload for each format; the text format is the only one that it asks for.
  getTypeParser: ((oid: number, format: "text" | "binary") => {
    if (oid === INT8) return (value: string) => BigInt(value);
    if (oid === INT8_ARRAY) return (value: string) => parseInt8Array(value);
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

function parseInt8Array(value: string): (bigint | null)[] {
  if (value === "{}") return [];
  return value
    .slice(1, -1)
    .split(",")
    .map((item) => (item === "NULL" ? null : BigInt(item)));
}

/**
 * Opens the pools. No connection is made before it is needed, and a lost one never ends the process: the query that
 * needed it fails, the next one gets another.
 *
 * @param options Where, how many, and who hears of errors.
 */
export function createPools(options: PoolsOptions): Pools {
  const connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX;
  const open = (role: RuntimeRole, max: number, settings = "") => {
    const pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max,
      types,
      application_name: role,
      options: `-c role=${role} -c TimeZone=UTC ${settings}`.trim(),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      allowExitOnIdle: true,
      // A statement is sent without waiting for the answer to the one before: see `inShop`.
      pipeline: true,
    });
    pool.on("error", (error) => options.onError?.(role, error));
    // The pool hears idle connections alone. One that is cut while it is held, between two queries, fails the next query;
    // without a listener of its own it would end the process.
    pool.on("connect", (client) => void client.on("error", () => undefined));
    return pool;
  };
  const door = open("gw_door", Math.max(2, Math.ceil(connectionsMax / 2)));
  // Planning the payout costs four times what running it does: a plan is made once and kept.
  const app = open("gw_app", connectionsMax, "-c plan_cache_mode=force_generic_plan");
  const sweep = open("gw_sweep", SWEEP_CONNECTIONS_MAX);
  let ended: Promise<void> | undefined;
  const end = () => (ended ??= Promise.all([door.end(), app.end(), sweep.end()]).then(() => undefined));
  return { door, app, sweep, end };
}
