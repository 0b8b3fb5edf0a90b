import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const PORT_FIRST = 5000;
const PORT_LAST = 5099;
const START_TIMEOUT_MS = 5_000;

/** A Redis that a test may wipe, stop and kill. It stores nothing on disk: what it forgets is gone. */
export type TestRedis = {
  readonly url: string;
  readonly port: number;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Ends it at once, as kill -9 does. */
  kill(): Promise<void>;
  /** Leaves it running without answering anything. */
  freeze(): void;
  thaw(): void;
};

/** Says whether redis-server can be started here. */
export function hasRedisServer(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts a Redis on a free port of loopback. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server = await launch(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      server = await launch(port);
    },
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", settings, { stdio: ["ignore", "pipe", "inherit"] });
  let log = "";
  server.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (!log.includes("Ready to accept connections")) {
    if (server.exitCode !== null || performance.now() > deadlineMs)
      throw new Error(`redis-server did not start:\n${log}`);
    await sleep(10);
  }
  return server;
}

async function freePort(): Promise<number> {
  // A random first try, so that two test processes seldom meet.
  const offset = Math.floor(Math.random() * (PORT_LAST - PORT_FIRST));
  for (let step = 0; step <= PORT_LAST - PORT_FIRST; step += 1) {
    const port = PORT_FIRST + ((offset + step) % (PORT_LAST - PORT_FIRST + 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${PORT_FIRST} to ${PORT_LAST}`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const outcome = new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => resolve(true));
  });
  const free = await outcome;
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free;
}
