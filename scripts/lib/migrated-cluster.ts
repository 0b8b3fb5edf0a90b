import { createHash, randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { startEmbeddedPostgres } from "../../app/platform/embedded-postgres.ts";
import { findPostgresBinaries } from "../../app/platform/postgres-binaries.ts";
import { migrateDeploy } from "../prisma.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SHELF = join(ROOT, ".cache", "postgres");

/** The database of a cluster that was laid down here. */
export const MIGRATED_DATABASE = "goodword";

const shelved = new Map<string, Promise<string>>();

/**
 * Lays a PostgreSQL cluster with every migration applied where there is none yet. The first one is made as an operator makes it,
 * by initdb and `migrate deploy`, and kept until a migration or PostgreSQL changes; those after it are copies, in a
 * tenth of the time.
 *
 * @param dataDir where it goes; must not exist
 * @param binDir folder of another PostgreSQL's programs
 */
export async function layMigratedCluster(dataDir: string, binDir?: string): Promise<void> {
  const digest = digestOf(findPostgresBinaries(binDir).postgres);
  const making = shelved.get(digest) ?? ensureShelved(digest, binDir);
  shelved.set(digest, making);
  const original = await making;
  mkdirSync(dirname(dataDir), { recursive: true });
  // Rights and owner as well: as root, PostgreSQL runs as a user of its own.
  execFileSync("cp", ["-a", original, dataDir]);
}

function digestOf(program: string): string {
  const hash = createHash("sha256")
    .update(program)
    .update(execFileSync(program, ["--version"]));
  const files = globSync("prisma/migrations/**/*.sql", { cwd: ROOT });
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex").slice(0, 16);
}

async function ensureShelved(digest: string, binDir: string | undefined): Promise<string> {
  const final = join(SHELF, digest);
  if (existsSync(final)) return final;
  mkdirSync(SHELF, { recursive: true });
  const making = join(SHELF, `making-${digest}-${randomBytes(4).toString("hex")}`);
  const postgres = await startEmbeddedPostgres({
    dataDir: making,
    port: 0,
    database: MIGRATED_DATABASE,
    settings: { fsync: "off" },
    ...(binDir === undefined ? {} : { binDir }),
  });
  try {
    await migrateDeploy(postgres.databaseUrl);
  } finally {
    await postgres.stop();
  }
  return put(making, final);
}

/** Another process may have been faster, or be: then its cluster is as good as ours. */
function put(made: string, final: string): string {
  try {
    renameSync(made, final);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(final)) throw error;
  }
  return final;
}
