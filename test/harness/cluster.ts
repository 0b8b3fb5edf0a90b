import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { startEmbeddedPostgres } from "#app/platform/embedded-postgres.ts";

import { layMigratedCluster, MIGRATED_DATABASE } from "../../scripts/lib/migrated-cluster.ts";
import { migrateDeploy } from "../../scripts/prisma.ts";

/** A PostgreSQL server with one migrated database that others are cloned from. */
export type TestCluster = {
  /** Superuser's URL of the template; connect to it for no longer than a look, since it cannot be cloned meanwhile. */
  readonly templateUrl: string;
  readonly stop: () => Promise<void>;
};

export type TestClusterOptions = {
  /** A server that runs already, as its superuser; otherwise one is started and thrown away. */
  readonly databaseUrl?: string | undefined;
  /** Folder of another PostgreSQL's programs, such as /usr/lib/postgresql/15/bin. */
  readonly binDir?: string | undefined;
};

// A throw-away cluster needs to survive nothing.
const FAST = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" };
const BUSY_TRIES_MAX = 50;
const BUSY_PAUSE_MS = 40;

/**
 * Starts PostgreSQL for tests with a migrated template, in about half a second.
 *
 * @param options Which server or programs to use; the ones from npm when nothing is said.
 */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  return options.databaseUrl === undefined ? startThrowAway(options.binDir) : borrow(options.databaseUrl);
}

/** A server that is not ours gets a template of ours, and loses it again. */
async function borrow(serverUrl: string): Promise<TestCluster> {
  const template = `goodword_template_${process.pid}`;
  const templateUrl = withDatabase(serverUrl, template);
  await asAdmin(serverUrl, (client) => client.query(`CREATE DATABASE ${template}`));
  await migrateDeploy(templateUrl);
  return { templateUrl, stop: () => dropTestDatabase(templateUrl) };
}

async function startThrowAway(binDir: string | undefined): Promise<TestCluster> {
  const folder = await mkdtemp(path.join(tmpdir(), "goodword-test-"));
  const dataDir = path.join(folder, "pg");
  await layMigratedCluster(dataDir, binDir);
  const server = await startEmbeddedPostgres({
    dataDir,
    port: 0,
    settings: FAST,
    ...(binDir === undefined ? {} : { binDir }),
  });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { templateUrl: withDatabase(server.databaseUrl, MIGRATED_DATABASE), stop };
}

/**
 * Copies a database.
 *
 * @param templateUrl Superuser's URL of the database to copy.
 * @param name The new database.
 * @returns Its URL.
 */
export async function cloneDatabase(templateUrl: string, name: string): Promise<string> {
  const template = new URL(templateUrl).pathname.slice(1);
  for (let tries = 1; ; tries += 1) {
    try {
      await asAdmin(templateUrl, (client) =>
        client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`),
      );
      return withDatabase(templateUrl, name);
    } catch (error) {
      // Somebody's last connection to the template is still closing.
      const busy = error instanceof pg.DatabaseError && error.code === "55006";
      if (!busy || tries >= BUSY_TRIES_MAX) throw error;
      await sleep(BUSY_PAUSE_MS);
    }
  }
}

/** Drops a database with whoever is still connected to it. */
export async function dropTestDatabase(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await asAdmin(databaseUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

async function asAdmin<Result>(url: string, run: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: withDatabase(url, "postgres") });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}
