import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { COMPILE_CACHE } from "./compile-cache.ts";

const GRACE_MS = 25_000;
const POLL_MS = 50;

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Ends a child with us, if it still runs when we leave: they have groups of their own, so nothing else would. */
export function endWithUs(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/** A program of this project running beside us. */
export type Child = {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it has ended, with its exit code (null after a signal). */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and ends it by force after 25 s. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
};

/**
 * Starts a TypeScript entry point under this Node, its output in a log file.
 * @param options.env what it gets on top of this process's own environment
 */
export function startChild(options: {
  name: string;
  script: string;
  args?: readonly string[];
  env?: Record<string, string>;
  logPath: string;
}): Child {
  const log = createWriteStream(options.logPath, { flags: "a" });
  const child: ChildProcess = spawn(process.execPath, [options.script, ...(options.args ?? [])], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...COMPILE_CACHE, ...process.env, ...options.env },
    // A group of its own: Ctrl-C reaches us alone, and we stop the parts in order.
    detached: true,
  });
  endWithUs(child);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<number | null>((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code));
  });
  void ended.then(() => log.end());
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: options.name,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      if (isRunning()) child.kill("SIGTERM");
      await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
      if (isRunning()) child.kill("SIGKILL");
      await ended;
    },
    async kill() {
      if (isRunning()) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Waits until an address answers with a 2xx, the child ends, or the time is up. @throws a clear error naming the log */
export async function waitUntilUp(
  child: Child,
  url: string,
  options: { timeoutMs: number; logPath: string },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  let hasEnded = false;
  void child.ended.then(() => (hasEnded = true));
  while (Date.now() < deadline) {
    if (hasEnded) throw new Error(`${child.name} ended while starting; its log is ${options.logPath}`);
    const isUp = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await sleep(POLL_MS);
  }
  throw new Error(
    `${child.name} did not answer at ${url} within ${options.timeoutMs / 1000} s; its log is ${options.logPath}`,
  );
}
