import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import {
  commandAs,
  findPostgresBinaries,
  type PostgresBinaries,
  type PostgresUser,
  postgresUser,
} from "./postgres-binaries.ts";

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const FORMER_SERVER_TIMEOUT_MS = 15_000;
const POLL_MS = 20;
const FREE_BYTES_MIN = 256 * 1024 * 1024;
const LOG_TAIL_LINES = 12;
const SUPERUSER = "postgres";

export type EmbeddedPostgresOptions = {
  /** Where the cluster lives; made when missing, kept when there. */
  readonly dataDir: string;
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Name of the database in the returned URL; made when missing. "postgres" when not given. */
  readonly database?: string;
  /** Server settings, such as `{ fsync: "off" }` for a throw-away cluster. Durable by default. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder with another installation's `initdb` and `postgres`. */
  readonly binDir?: string;
};

export type EmbeddedPostgres = {
  readonly databaseUrl: string;
  readonly port: number;
  /** Process id of the server. */
  readonly pid: number;
  /** Resolves when the server has ended, however it came to that. */
  readonly exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, committed ones are safe. Calling it twice is fine. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts a real PostgreSQL on loopback, with a cluster of its own. It ends when `stop()` is called and also when this
 * process is killed; a cluster that lost its power or its parent recovers at the next start.
 *
 * @param options Where, which port, which settings.
 * @returns The URL of its superuser (who owns the database), and the means to stop it.
 * @throws Error with the reason in words: port in use, disk full, another server on the same data, or the server's last log lines.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const binaries = findPostgresBinaries(options.binDir);
  const user = postgresUser();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  requireFreeSpace(dataDir);
  await waitForFormerServer(dataDir);
  const port = await requireFreePort(options.port);
  if (!existsSync(path.join(dataDir, "PG_VERSION"))) initialise({ dataDir, binaries, user });
  const password = readFileSync(passwordFile(dataDir), "utf8").trim();
  const server = await launch({ dataDir, binaries, user, port, settings: options.settings ?? {} });
  const urlOf = (database: string) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  const database = options.database ?? "postgres";
  try {
    if (database !== "postgres") await createDatabase(urlOf("postgres"), database);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...server, port, databaseUrl: urlOf(database) };
}

function passwordFile(dataDir: string): string {
  return path.join(dataDir, "goodword.password");
}

function requireFreeSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize < FREE_BYTES_MIN) {
    throw new Error(`The disk is full: PostgreSQL needs ${FREE_BYTES_MIN / 1024 / 1024} MB free at ${dataDir}.`);
  }
}

async function requireFreePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = error.code === "EADDRINUSE";
      reject(inUse ? new Error(`Port ${port} is in use: PostgreSQL cannot listen there. Choose another port.`) : error);
    });
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}

// A server whose parent was just killed is still shutting down; a lock file without a server is left over from a crash.
async function waitForFormerServer(dataDir: string): Promise<void> {
  const lock = path.join(dataDir, "postmaster.pid");
  const deadlineMs = Date.now() + FORMER_SERVER_TIMEOUT_MS;
  while (existsSync(lock)) {
    const pid = Number.parseInt(readFileSync(lock, "utf8"), 10);
    if (!isPostgres(pid)) {
      rmSync(lock, { force: true });
      return;
    }
    if (Date.now() > deadlineMs) {
      throw new Error(`Another PostgreSQL (process ${pid}) already serves ${dataDir}. Stop it first.`);
    }
    await sleep(POLL_MS);
  }
}

// Process ids are used again, in containers at once: only a process that is PostgreSQL counts.
function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const asked = spawnSync("ps", ["-p", String(pid), "-o", "comm="], { encoding: "utf8" });
  if (asked.error === undefined) return /postgres|postmaster/.test(asked.stdout);
  const name = `/proc/${pid}/comm`; // a slim container without ps
  return existsSync(name) && readFileSync(name, "utf8").startsWith("postgres");
}

type Cluster = { dataDir: string; binaries: PostgresBinaries; user: PostgresUser };

function initialise({ dataDir, binaries, user }: Cluster): void {
  const password = randomBytes(18).toString("base64url");
  const pwfile = path.join(tmpdir(), `goodword-initdb-${randomBytes(6).toString("hex")}`);
  writeFileSync(pwfile, password, { mode: 0o600 });
  if (user !== null) {
    chownSync(dataDir, user.uid, user.gid);
    chownSync(pwfile, user.uid, user.gid);
  }
  const flags = [
    "--encoding=UTF8",
    "--locale=C",
    "--auth=scram-sha-256",
    `--username=${SUPERUSER}`,
    `--pwfile=${pwfile}`,
    "--no-sync",
  ];
  const command = commandAs(
    user,
    binaries.initdb,
    [`--pgdata=${dataDir}`, ...flags],
    [dataDir, path.dirname(binaries.initdb)],
  );
  const made = spawnSync(command.file, command.args, { ...command.options, cwd: dataDir, encoding: "utf8" });
  rmSync(pwfile, { force: true });
  if (made.status !== 0)
    throw new Error(
      `PostgreSQL could not make its data folder ${dataDir}: ${inWords(made.stderr || String(made.error))}`,
    );
  // Beside the data, and only readable by those who can read the data anyway.
  writeFileSync(passwordFile(dataDir), `${password}\n`, { mode: 0o600 });
}

function inWords(log: string): string {
  if (/No space left on device/i.test(log)) return "the disk is full.";
  if (/Address already in use/i.test(log)) return "its port is in use.";
  return log.trim().split("\n").slice(-LOG_TAIL_LINES).join("\n");
}

type Running = { pid: number; exited: Promise<void>; stop: () => Promise<void> };

async function launch(
  cluster: Cluster & { port: number; settings: Readonly<Record<string, string>> },
): Promise<Running> {
  const { dataDir, binaries, user, port } = cluster;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    fsync: "on",
    synchronous_commit: "on",
    timezone: "UTC",
    ...cluster.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = commandAs(
    user,
    binaries.postgres,
    ["-D", dataDir, "-p", String(port), ...flags],
    [dataDir, path.dirname(binaries.postgres)],
  );
  const logFile = path.join(dataDir, "server.log");
  const log = openSync(logFile, "w");
  // A session of its own: Ctrl-C reaches us and not the server, so that what we still have to write can be written.
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: dataDir,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let failure: Error | undefined;
  child.once("error", (error) => (failure = error));
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (!isReady(dataDir, child.pid)) {
    const ended = failure !== undefined || child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadlineMs) {
      child.kill("SIGKILL");
      throw new Error(`PostgreSQL did not start: ${inWords(readFileSync(logFile, "utf8"))}`, { cause: failure });
    }
    await sleep(POLL_MS);
  }
  return supervise(child, exited);
}

// The eighth line of the lock file is the server's own word on its state.
function isReady(dataDir: string, pid: number | undefined): boolean {
  const lock = path.join(dataDir, "postmaster.pid");
  if (!existsSync(lock)) return false;
  const lines = readFileSync(lock, "utf8").split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}

function supervise(child: ChildProcess, exited: Promise<void>): Running {
  const pid = child.pid ?? 0;
  // Waits for the end of a pipe that we hold open: if we are killed, it ends, and the guard stops the server.
  const guard = spawn("/bin/sh", ["-c", `cat >/dev/null; kill -INT ${pid} 2>/dev/null`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  child.unref();
  void exited.then(() => guard.kill("SIGKILL"));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  };
  return { pid, exited, stop };
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
