import { defineProcessor } from "./define-processor.ts";
import type { Processor } from "./define-processor.ts";
import type { Drain } from "./drain.ts";

/** Answers an outbox bell. */
export function createOutboxDrainProcessor(deps: { outboxDrain: Drain }): Processor<"outbox.drain"> {
  return defineProcessor("outbox.drain", async ({ shopId }) => (await deps.outboxDrain.run(shopId)).outcome);
}
