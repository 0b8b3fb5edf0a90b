import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import pg from "pg";
import { expect, onTestFinished, test } from "vitest";

import { startEmbeddedPostgres } from "./embedded-postgres.ts";

async function dataDir(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "goodword-embedded-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, "pg");
}

async function ask<Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Row>(sql);
  await client.end();
  return rows;
}

test("an embedded server is durable, on loopback, in UTC, and keeps its data over a restart", async () => {
  const dir = await dataDir();
  const first = await startEmbeddedPostgres({ dataDir: dir, port: 0, database: "goodword" });
  const settings =
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, current_setting('TimeZone') AS zone, current_setting('listen_addresses') AS address";
  expect(await ask(first.databaseUrl, settings)).toEqual([
    { fsync: "on", commit: "on", zone: "UTC", address: "127.0.0.1" },
  ]);
  await ask(first.databaseUrl, "CREATE TABLE kept AS SELECT 1 AS one");
  await first.stop();
  await first.stop();
  const second = await startEmbeddedPostgres({ dataDir: dir, port: 0, database: "goodword" });
  onTestFinished(second.stop);
  expect(await ask(second.databaseUrl, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
});

test("an embedded server recovers after it was killed", async () => {
  const dir = await dataDir();
  const first = await startEmbeddedPostgres({ dataDir: dir, port: 0 });
  await ask(first.databaseUrl, "CREATE TABLE kept AS SELECT 1 AS one");
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  expect(existsSync(path.join(dir, "postmaster.pid"))).toBe(true);
  const second = await startEmbeddedPostgres({ dataDir: dir, port: 0 });
  onTestFinished(second.stop);
  expect(await ask(second.databaseUrl, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
});

test("an embedded server ends when the process that started it is killed, and the next start waits for that", async () => {
  const dir = await dataDir();
  const code = `const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL("./embedded-postgres.ts", import.meta.url).href)});
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dir)}, port: 0 });
    process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "inherit" });
  const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
  expect(signal).toBe("SIGKILL");
  const next = await startEmbeddedPostgres({ dataDir: dir, port: 0 });
  onTestFinished(next.stop);
  expect(await ask(next.databaseUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a lock file whose process id now belongs to another program does not stop the start", async () => {
  const dir = await dataDir();
  const first = await startEmbeddedPostgres({ dataDir: dir, port: 0 });
  const lock = await readFile(path.join(dir, "postmaster.pid"), "utf8");
  await first.stop();
  await writeFile(path.join(dir, "postmaster.pid"), lock.replace(/^\d+/, String(process.pid)));
  const second = await startEmbeddedPostgres({ dataDir: dir, port: 0 });
  await second.stop();
});

test("a port in use is said in words, before anything is made", async () => {
  const dir = await dataDir();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(startEmbeddedPostgres({ dataDir: dir, port })).rejects.toThrow(`Port ${port} is in use`);
  expect(existsSync(path.join(dir, "PG_VERSION"))).toBe(false);
});

test("programs that are not there are said in words", async () => {
  const missing = startEmbeddedPostgres({ dataDir: await dataDir(), port: 0, binDir: "/nowhere" });
  await expect(missing).rejects.toThrow("PostgreSQL is not installed here: /nowhere/initdb is missing");
});
