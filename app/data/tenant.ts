import type pg from "pg";

import { invariant } from "#app/platform/errors.ts";
import type { Pools } from "./pools.ts";

/** A hot statement: planned once per connection under its name. */
export type NamedStatement = { readonly name: string; readonly text: string };

/**
 * A transaction in one shop. Columns come back as: bigint as `bigint`, timestamptz as `Date`, bytea as `Buffer`, numeric
 * as `string`, jsonb parsed. The row type is the caller's word on the columns of its own SQL.
 *
 * Statements that do not need each other's answers may be asked for together: they are sent at once and run one after the other.
 */
export type Tx = {
  /** Runs one statement and returns its rows. */
  query<Row extends object>(statement: string | NamedStatement, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs one statement and returns how many rows it touched: the answer of a guarded write. */
  execute(statement: string | NamedStatement, values?: readonly unknown[]): Promise<number>;
  /** Stands for the database in this process: what never changes there may be remembered under it. */
  readonly database: object;
};

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Runs `work` in one transaction that sees the rows of one shop and no others: row security reads the setting that is
 * made here and ends with the transaction. Commits when `work` resolves, rolls back when it throws.
 *
 * Nothing slow belongs inside: a connection and its locks are held until the end.
 *
 * @param pools From `createPools`.
 * @param shopId The tenant, a lower-case UUID.
 * @param work What to do; its result is returned after the commit.
 */
export async function inShop<Result>(pools: Pools, shopId: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return inTransaction(pools, shopId, work, async (client) => {
    const { command } = await client.query("COMMIT");
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK, and no error: somebody swallowed one.
    if (command !== "COMMIT") throw new Error("inShop: a statement had failed, so the transaction was rolled back");
  });
}

/**
 * Does what `inShop` does, with every guard that looks at the end, and then takes it all back: so that what would happen can
 * be shown before it does.
 */
export async function rehearseInShop<Result>(
  pools: Pools,
  shopId: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return inTransaction(pools, shopId, work, async (client) => {
    await client.query("SET CONSTRAINTS ALL IMMEDIATE");
    await client.query("ROLLBACK");
  });
}

async function inTransaction<Result>(
  pools: Pools,
  shopId: string,
  work: (tx: Tx) => Promise<Result>,
  end: (client: pg.PoolClient) => Promise<void>,
): Promise<Result> {
  if (!UUID.test(shopId)) throw new TypeError("inShop needs a shop's id");
  const client = await pools.app.connect();
  const state = { isOpen: true };
  let broken: Error | undefined;
  try {
    const begun = begin(client, shopId);
    const result = await work(txOver(client, pools.app, state));
    state.isOpen = false;
    await begun;
    await end(client);
    return result;
  } catch (error) {
    state.isOpen = false;
    broken = await rolledBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Sends the begin of a transaction without waiting for it, so that the work's first statement travels with it. Should the
 * begin fail, that statement comes to nothing: without the setting row security shows it no row.
 */
function begin(client: pg.PoolClient, shopId: string): Promise<unknown> {
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  // The id was checked by the caller, and a BEGIN takes no parameters.
  const begun = client.query(`BEGIN; SELECT set_config('app.shop_id', '${shopId}', true)`);
  // Whoever waits for it hears of a failure; if the work fails too, that is what is told.
  begun.catch(() => undefined);
  return begun;
}

/** Statements that are known by a name; beyond it a text is not one of ours, but put together anew each time. */
const NAMES_MAX = 1_000;
const names = new Map<string, string>();

/**
 * Gives a statement a name of its own. PostgreSQL reads, checks and plans what has a name once for each connection, and
 * that costs several times what running it does.
 */
function namedOnce(text: string): { readonly name: string | undefined; readonly text: string } {
  const known = names.get(text);
  if (known !== undefined || names.size >= NAMES_MAX) return { name: known, text };
  const name = `s${names.size}`;
  names.set(text, name);
  return { name, text };
}

// A connection whose rollback fails is in no known state, and must not return to the pool.
async function rolledBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query("ROLLBACK");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function txOver(client: pg.PoolClient, database: object, state: { readonly isOpen: boolean }): Tx {
  const run = (statement: string | NamedStatement, values: readonly unknown[] = []) => {
    // Work that goes on after its end would write into the next transaction of this connection.
    invariant(state.isOpen, "the transaction of this statement is over");
    const { name, text } = typeof statement === "string" ? namedOnce(statement) : statement;
    return client.query(name === undefined ? { text, values: [...values] } : { name, text, values: [...values] });
  };
  return {
    database,
    async query<Row extends object>(statement: string | NamedStatement, values?: readonly unknown[]): Promise<Row[]> {
      const result = await run(statement, values);
      // The row type is the caller's word on its own SQL; the tests of each repository hold it to that.
      return result.rows as Row[];
    },
    async execute(statement, values) {
      const result = await run(statement, values);
      return result.rowCount ?? 0;
    },
  };
}
