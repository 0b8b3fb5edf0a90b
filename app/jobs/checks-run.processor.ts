import { defineProcessor } from "./define-processor.ts";
import type { Processor } from "./define-processor.ts";

/** Runs the invariant checks; doing it twice finds the same. */
export function createChecksRunProcessor(deps: { runChecks: () => Promise<number> }): Processor<"checks.run"> {
  return defineProcessor("checks.run", async () => ((await deps.runChecks()) === 0 ? "clean" : "found"));
}
