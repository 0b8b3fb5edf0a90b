import type { Clock } from "#app/platform/clock.ts";
import { defineProcessor } from "./define-processor.ts";
import type { Processor } from "./define-processor.ts";

/** Empties old inbox rows, and seals anew what an old DATA_KEY still seals; doing it twice does nothing. */
export function createUpkeepProcessor(deps: {
  clock: Clock;
  upkeep: (now: Date) => Promise<void>;
}): Processor<"upkeep"> {
  return defineProcessor("upkeep", async () => {
    await deps.upkeep(deps.clock.now());
    return "kept";
  });
}
