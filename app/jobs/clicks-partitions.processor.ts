import type { Clock } from "#app/platform/clock.ts";
import { defineProcessor } from "./define-processor.ts";
import type { Processor } from "./define-processor.ts";

/** Keeps the partitions of clicks ahead of time; doing it twice does nothing. */
export function createClicksPartitionsProcessor(deps: {
  clock: Clock;
  keepClickPartitions: (now: Date) => Promise<void>;
}): Processor<"clicks.partitions"> {
  return defineProcessor("clicks.partitions", async () => {
    await deps.keepClickPartitions(deps.clock.now());
    return "kept";
  });
}
