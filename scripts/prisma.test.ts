import { expect, test } from "vitest";

import { runPrisma } from "./prisma.ts";

test("prisma generates its client when every way out of the machine is closed", async () => {
  const closed = "http://127.0.0.1:9"; // the discard port: nobody listens there
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "PRISMA_ENGINES_MIRROR"]) process.env[name] = closed;
  expect(await runPrisma(["generate"], {})).toContain("Generated Prisma Client");
});

test("prisma commands that need a native engine are refused before they start", async () => {
  await expect(runPrisma(["migrate", "dev"], {})).rejects.toThrow("Migrations are written by hand");
});
