import { connect } from "node:net";
import { text } from "node:stream/consumers";

import pg from "pg";
import { inject } from "vitest";

import { createPools, type Pools } from "#app/data/pools.ts";
import { newId } from "#app/platform/ids.ts";

import { cloneDatabase, dropTestDatabase } from "./cluster.ts";

/** A migrated, empty database of one test file. */
export type TestDatabase = {
  /** The owner's: a superuser, who sees every shop. */
  readonly databaseUrl: string;
  /** As the application connects. */
  readonly pools: Pools;
  /** As the owner connects: for looking at everything, and for attacks that no grant should be what stops. */
  readonly ownerPool: pg.Pool;
  /** Ends the pools and drops the database. */
  readonly drop: () => Promise<void>;
};

/**
 * Clones the template. One per test file, at its top: `const db = await createTestDatabase(); afterAll(db.drop);`.
 * Tests of one file share it, so each makes a shop of its own (`buildWorld`).
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const databaseUrl = await cloneDatabase(await templateUrl(), `goodword_${newId().replaceAll("-", "")}`);
  const pools = createPools({ databaseUrl });
  const ownerPool = new pg.Pool({ connectionString: databaseUrl, max: 30, allowExitOnIdle: true });
  ownerPool.on("error", () => undefined); // dropping the database ends whatever is idle
  const drop = async () => {
    await Promise.all([pools.end(), ownerPool.end()]);
    await dropTestDatabase(databaseUrl);
  };
  return { databaseUrl, pools, ownerPool, drop };
}

async function templateUrl(): Promise<string> {
  const answer = await text(connect(inject("postgresDeskPort"), "127.0.0.1"));
  if (answer.startsWith("error:")) throw new Error(`No PostgreSQL for tests: ${answer.slice("error:".length)}`);
  return answer;
}
