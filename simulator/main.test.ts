import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const MAIN = resolve(import.meta.dirname, "main.ts");

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { NODE_ENV: "test" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString()));
  return { child, said };
}

test("the simulator says in one line where it listens, and ends cleanly when it is told to", async () => {
  const { child, said } = start(
    "--port",
    "0",
    "--app-url",
    "http://localhost:9",
    "--api-key",
    "k",
    "--api-secret",
    "s",
  );
  await once(child.stdout, "data");
  expect(said.out).toMatch(/^The pretend Shopify listens on http:\/\/localhost:\d+\n$/);
  const ended = once(child, "close");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(said.err).toBe("");
});

test.each([
  ["without the app's address", ["--api-key", "k", "--api-secret", "s"], "--app-url"],
  ["without the app's secret", ["--app-url", "http://localhost:9", "--api-key", "k"], "--api-secret"],
  [
    "with a port that is none",
    ["--port", "http", "--app-url", "http://localhost:9", "--api-key", "k", "--api-secret", "s"],
    "--port",
  ],
])("the simulator refuses to start %s and says why", async (_what, args, named) => {
  const { child, said } = start(...args);
  expect(await once(child, "close")).toEqual([1, null]);
  expect(said.err).toContain(named);
  expect(said.err).toContain("Usage:");
});
