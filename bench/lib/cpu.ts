import { readdirSync, readFileSync } from "node:fs";

/** Linux counts the time of processes in hundredths of a second, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat after the name: parent, then user and system time, own and of children that ended. */
const [PARENT, FIRST_TIME, LAST_TIME] = [1, 11, 14];

type Times = { readonly parent: number; readonly ticks: number };

/**
 * CPU seconds that processes and everything they started have used since their start, whether it runs or has ended.
 * Linux only: reads /proc.
 */
export function cpuSecondsOf(pids: readonly number[]): number {
  const all = allTimes();
  const isCounted = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = all.get(at)?.parent)
      if (pids.includes(at)) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, times] of all) if (isCounted(pid)) ticks += times.ticks;
  return ticks / TICKS_PER_SECOND;
}

/** The most memory that a process has held at once since its start, in MB. Linux only: reads /proc. */
export function peakMbOf(pid: number): number {
  const peakKb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(peakKb ?? Number.NaN) / 1_024;
}

function allTimes(): Map<number, Times> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(pids.flatMap((pid) => timesOf(pid)));
}

function timesOf(pid: string): [number, Times][] {
  const stat = readStat(pid);
  if (stat === null) return [];
  // The name of a program may hold anything, brackets too: the fields begin after the last one.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const ticks = fields.slice(FIRST_TIME, LAST_TIME + 1).reduce((sum, part) => sum + part, 0);
  return [[Number(pid), { parent: fields[PARENT] ?? 0, ticks }]];
}

function readStat(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null; // it ended while we looked: its parent has its time
  }
}
