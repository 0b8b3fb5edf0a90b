import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem, type as system, release } from "node:os";

/** What the figures were measured on: they mean nothing elsewhere, and little while others use it. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly commit: string;
  /** Processes that wanted a core, averaged over the minute before the bench began. */
  readonly loadBefore: number;
};

/** Looks at this machine and this commit. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${system()} ${release()}`,
    node: process.version,
    commit: commitHere(),
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

function commitHere(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+changes");
  } catch {
    return "unknown"; // an unpacked archive has no history
  }
}
