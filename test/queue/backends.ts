import { test } from "vitest";
import { hasRedisServer } from "./redis-server.ts";

export type Backend = "postgres" | "redis";
export const BACKENDS: readonly Backend[] = ["postgres", "redis"];

const redisIsThere = hasRedisServer();
const MISSING =
  "redis-server is not installed, so the queue was not tested on Redis. Install it: apt-get install redis-server (or brew install redis).";

/**
 * One test, on each backend. Without redis-server it fails where CI=true, and is skipped aloud elsewhere.
 *
 * @param name What must hold; the backend is added to it.
 */
export function testOnBothBackends(name: string, run: (backend: Backend) => Promise<void>): void {
  for (const backend of BACKENDS) {
    test(`${name} (${backend})`, async ({ skip }) => {
      if (backend === "redis" && !redisIsThere) {
        if (process.env["CI"] === "true") throw new Error(MISSING);
        process.stderr.write(`${MISSING}\n`);
        skip(MISSING);
      }
      await run(backend);
    });
  }
}
