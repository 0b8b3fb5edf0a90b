import { spawn } from "node:child_process";
import { accessSync, constants, createWriteStream } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { endWithUs } from "./child.ts";

const PROGRAMS = ["redis-server", "valkey-server"];
const UP_TIMEOUT_MS = 10_000;
const GRACE_MS = 5_000;
const POLL_MS = 25;

/** How to get what `findRedisServer` did not find. */
export const REDIS_HOWTO = "install it: apt-get install redis-server, or brew install redis";

/** A Redis of our own on loopback, which keeps nothing on disk: whatever ends it empties it. */
export type RedisServer = {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended and was reaped. */
  readonly ended: Promise<void>;
  /** Asks it to end. Calling it twice is fine. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
};

/** @returns the path of redis-server, or of valkey-server, on the PATH; null when there is neither */
export function findRedisServer(path: string = process.env["PATH"] ?? ""): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const candidates = PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: the next folder may have it
  }
}

/**
 * Starts a Redis without persistence and waits until it answers.
 *
 * @param options.port on 127.0.0.1
 * @throws an error in words: not installed, port in use, ended while starting
 */
export async function startRedis(options: { port: number; logPath: string }): Promise<RedisServer> {
  const program = findRedisServer();
  if (program === null) throw new Error(`Redis is not installed; ${REDIS_HOWTO}`);
  const flags = { port: options.port, bind: "127.0.0.1", save: "", appendonly: "no", "maxmemory-policy": "noeviction" };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  endWithUs(child);
  const log = createWriteStream(options.logPath, { flags: "a" });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  void ended.then(() => log.end());
  const isRunning = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isRunning()) child.kill(signal);
    await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
    if (isRunning()) child.kill("SIGKILL");
    await ended;
  };
  const url = `redis://127.0.0.1:${options.port}`;
  const server = { url, pid: child.pid ?? 0, ended, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
  if (!(await answers(url, isRunning))) {
    await server.kill();
    throw new Error(`Redis did not start at ${url}; its log is ${options.logPath}`);
  }
  return server;
}

async function answers(url: string, isRunning: () => boolean): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on("error", () => undefined); // not up yet is what the loop below asks about
  const deadlineMs = Date.now() + UP_TIMEOUT_MS;
  try {
    while (isRunning() && Date.now() < deadlineMs) {
      const isUp = await client.connect().then(
        () => true,
        () => false,
      );
      if (isUp) return isRunning();
      await sleep(POLL_MS);
    }
    return false;
  } finally {
    client.disconnect();
  }
}
