import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { runPrisma } from "./prisma.ts";

const CLOSED = "http://127.0.0.1:9"; // the discard port: nobody listens there

test("prisma generates its client when every way out of the machine is closed", async () => {
  // Inside the project, where the generated code finds its packages.
  const cache = path.resolve(import.meta.dirname, "../node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, "goodword-prisma-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const schema = await readFile(new URL("../prisma/schema.prisma", import.meta.url), "utf8");
  const copy = path.join(folder, "schema.prisma");
  await writeFile(copy, schema.replace("../app/data/generated", path.join(folder, "client")));
  const env = { HTTP_PROXY: CLOSED, HTTPS_PROXY: CLOSED, PRISMA_ENGINES_MIRROR: CLOSED };
  expect(await runPrisma(["generate", `--schema=${copy}`], { env })).toContain("Generated Prisma Client");
  expect(existsSync(path.join(folder, "client", "index.js"))).toBe(true);
});

test("prisma commands that need a native engine are refused before they start", async () => {
  await expect(runPrisma(["migrate", "dev"], {})).rejects.toThrow("Migrations are written by hand");
});
