import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAdmin } from "../build.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const MARK = join(ROOT, "build", "goodword.digest");

/** Builds the merchant admin when there is no build, or its sources changed since. */
export async function ensureAdminBuilt(say: (line: string) => void): Promise<void> {
  const digest = digestOfSources();
  if (existsSync(MARK) && readFileSync(MARK, "utf8") === digest) return;
  const startedAt = Date.now();
  say("building the merchant admin …");
  await buildAdmin({ quiet: true });
  writeFileSync(MARK, digest);
  say(`the merchant admin is built (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  const files = globSync(["app/**/*.{ts,tsx,css}", "vite.config.ts", "package-lock.json"], {
    cwd: ROOT,
    exclude: (path) => path.includes("generated"),
  });
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}
