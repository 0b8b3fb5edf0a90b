import { cpuSecondsOf } from "./cpu.ts";
import type { LoadReport } from "./load.ts";
import { median } from "./stats.ts";

/** The medians of several runs; `cpuMicros`: of the server side, for one request. */
export type Summary = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cpuMicros: number;
};

/** A thing to measure, and the processes whose CPU time is its cost. */
export type Contestant = { readonly pids: readonly number[]; readonly run: () => Promise<LoadReport> };

/**
 * Runs every contestant in turn, again and again, so that what slows the machine slows them all alike.
 * @returns the medians, by the names given
 */
export async function alternate<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  rounds: number,
  say: (line: string) => void,
): Promise<Record<Name, Summary>> {
  const names = Object.keys(contestants) as Name[]; // its keys are its names
  const runs = new Map<Name, Summary[]>(names.map((name) => [name, []]));
  // Everything is compiled and every connection open before a run counts.
  for (const name of names) await contestants[name].run();
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) {
      const summary = await oneRun(contestants[name]);
      runs.get(name)?.push(summary);
      say(
        `  round ${round}, ${name}: ${Math.round(summary.perSecond)}/s, p99 ${summary.p99.toFixed(1)} ms, ${summary.cpuMicros.toFixed(0)} µs CPU each`,
      );
    }
  }
  return Object.fromEntries(names.map((name) => [name, middleOf(runs.get(name) ?? [])])) as Record<Name, Summary>;
}

async function oneRun({ pids, run }: Contestant): Promise<Summary> {
  const before = cpuSecondsOf(pids);
  const { perSecond, p50, p95, p99, all } = await run();
  if (perSecond === 0) throw new Error("no request was answered in the time of a run; give it more --seconds");
  return { perSecond, p50, p95, p99, cpuMicros: ((cpuSecondsOf(pids) - before) / Math.max(1, all)) * 1e6 };
}

function middleOf(runs: readonly Summary[]): Summary {
  const middle = (of: keyof Summary): number => median(runs.map((run) => run[of]));
  return {
    perSecond: middle("perSecond"),
    p50: middle("p50"),
    p95: middle("p95"),
    p99: middle("p99"),
    cpuMicros: middle("cpuMicros"),
  };
}
