// One process of the app between receipt and sent note, with a call before and after every await: it says which of them
// it came by, or it exits at one. Its argument is JSON.
import { readFileSync } from "node:fs";
import { changeSources } from "../lib/patched-source.ts";
import { MET } from "./exit-code.ts";
import type { Done, Work } from "./one-process.ts";

/** An await, whether the process exits before or after it, and at which time that it comes by. */
export type Target = { readonly id: number; readonly side: "before" | "after"; readonly occurrence: number };

export type ChildTask = Work & {
  /** A JSON file with the sources to run instead, by path from the root. */
  readonly sourcesFile: string;
  /** Where to exit; null: nowhere. */
  readonly target: Target | null;
};

/** How often each await was come by, by its number. */
export type ChildReport = Done & { readonly counts: readonly (readonly [id: number, times: number])[] };

const task: ChildTask = JSON.parse(process.argv[2] ?? "");
const sources: Readonly<Record<string, string>> = JSON.parse(readFileSync(task.sourcesFile, "utf8"));
const seen = { before: new Map<number, number>(), after: new Map<number, number>() };
let isStory = false;

function pass(id: number, side: Target["side"]): void {
  if (!isStory) return;
  const occurrence = (seen[side].get(id) ?? 0) + 1;
  seen[side].set(id, occurrence);
  const { target } = task;
  if (target?.id === id && target.side === side && target.occurrence === occurrence) process.exit(MET);
}

Object.assign(globalThis, {
  __before: (id: number): void => pass(id, "before"),
  __after: <Value>(id: number, value: Value): Value => {
    pass(id, "after");
    return value;
  },
});
changeSources((path) => sources[path] ?? null);

// Only now: whatever is loaded from here on is loaded instrumented.
const { workInOneProcess } = await import("./one-process.ts");
const done = await workInOneProcess(task, (isOn) => {
  isStory = isOn;
});
const report: ChildReport = { ...done, counts: [...seen.before] };
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit();
