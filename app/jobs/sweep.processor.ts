import { defineProcessor } from "./define-processor.ts";
import type { Processor } from "./define-processor.ts";
import type { Sweep } from "./sweep.ts";

/** Looks for due rows whose bell was lost. */
export function createSweepProcessor(deps: { sweep: Sweep }): Processor<"sweep"> {
  return defineProcessor("sweep", async () => {
    const found = await deps.sweep.run();
    return found.length === 0 ? "nothing_due" : "rung";
  });
}
