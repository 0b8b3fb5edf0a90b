import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Ends a process of ours and its children at once (SIGKILL). Their ids are read before, without holding up this
 * process: what is in flight in it must still be in flight at the kill.
 */
export async function killFamily(pid: number): Promise<void> {
  const { stdout } = await run("ps", ["-axo", "pid=,ppid="]);
  const children = stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
  for (const one of [pid, ...children]) endOne(one);
}

function endOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself between the look and the kill.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
