import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Builds the merchant admin with the Node that runs this script, whatever `node` the PATH has.
 *
 * @param options.directory Where to, from the root of the repository; `build` unless said otherwise.
 * @param options.quiet Only errors are shown.
 * @returns Resolves when the build is complete; rejects with the exit code otherwise.
 */
export function buildAdmin(options: { directory?: string; quiet?: boolean } = {}): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("@remix-run/dev/package.json")), "dist", "cli.js");
  const child = spawn(process.execPath, [cli, "vite:build"], {
    cwd: ROOT,
    stdio: options.quiet === true ? ["ignore", "ignore", "inherit"] : ["ignore", "inherit", "inherit"],
    env: { ...process.env, NODE_ENV: "production", ADMIN_BUILD_DIR: options.directory ?? "build" },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`The build of the admin ended with ${signal ?? `exit code ${String(code)}`}.`));
    });
  });
}

if (import.meta.main) await buildAdmin();
