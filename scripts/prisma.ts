import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
// The engine leaves a ten-second timer behind after a deploy. These words come when everything is committed, so the
// command is ended there; should they ever change, it only takes longer.
const DEPLOYED = /All migrations have been successfully applied|No pending migrations to apply/;
const ALLOWED = new Set(["generate", "migrate deploy", "migrate status"]);

/**
 * Applies every migration that the database does not have yet.
 *
 * @param databaseUrl URL of the role that owns, or will own, the tables.
 * @returns What the Prisma command printed.
 * @throws Error with its output when it fails; a file that fails leaves nothing behind.
 */
export async function migrateDeploy(databaseUrl: string): Promise<string> {
  return runPrisma(["migrate", "deploy"], { databaseUrl });
}

/**
 * Writes the typed client into app/data/generated.
 *
 * @returns What the Prisma command printed.
 */
export async function generateClient(): Promise<string> {
  return runPrisma(["generate"], {});
}

/**
 * Runs the Prisma command line on its bundled WebAssembly engine, without a network.
 *
 * @param args `generate`, `migrate deploy` or `migrate status`: the others need an engine that we do not ship.
 * @param options The database, whether to show the output as it comes, and environment to add.
 * @returns What it printed.
 */
export async function runPrisma(
  args: readonly string[],
  options: { databaseUrl?: string; show?: boolean; env?: Readonly<Record<string, string>> },
): Promise<string> {
  const command = args.slice(0, args[0] === "generate" ? 1 : 2).join(" ");
  if (!ALLOWED.has(command))
    throw new Error(`Unknown: prisma ${command}. Migrations are written by hand; try: ${[...ALLOWED].join(", ")}.`);
  const cli = createRequire(import.meta.url).resolve("prisma/build/index.js");
  const env = {
    ...process.env,
    ...options.env,
    // Any program will do: that it is named is what stops Prisma from downloading its engine.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_GENERATE_SKIP_AUTOINSTALL: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
  };
  const quiet = command === "generate" ? ["--no-hints"] : [];
  const child = spawn(process.execPath, [cli, ...args, ...quiet], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (options.show === true) process.stdout.write(chunk);
      if (DEPLOYED.test(output)) child.kill();
    });
  }
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  if (code !== 0 && !DEPLOYED.test(output)) throw new Error(`prisma ${command} failed:\n${output.trim()}`);
  return output;
}

if (import.meta.main) {
  try {
    await runPrisma(process.argv.slice(2), { show: true });
  } catch (error) {
    console.error(error instanceof Error ? error.message.split("\n")[0] : error);
    process.exitCode = 1;
  }
}
