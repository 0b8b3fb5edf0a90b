import { defineProcessor } from "./define-processor.ts";
import type { Processor } from "./define-processor.ts";
import type { Drain } from "./drain.ts";

/** Answers an inbox bell. */
export function createInboxDrainProcessor(deps: { inboxDrain: Drain }): Processor<"inbox.drain"> {
  return defineProcessor("inbox.drain", async ({ shopId }) => (await deps.inboxDrain.run(shopId)).outcome);
}
