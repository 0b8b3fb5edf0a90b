import { createFollowedClock, systemClock } from "./platform/clock.ts";
import type { Clock } from "./platform/clock.ts";
import type { Env } from "./platform/env.ts";
import type { Logger } from "./platform/logger.ts";

/** The machine's clock; the simulator's where one is followed, read once before anything decides on it. */
export async function startClock(
  env: Env,
  logger: Logger,
): Promise<{ clock: Clock; stopClock: () => void; refreshClock: () => Promise<void> }> {
  if (env.SHOPIFY_SIMULATOR_URL === undefined)
    return { clock: systemClock, stopClock: () => undefined, refreshClock: () => Promise.resolve() };
  const followed = createFollowedClock({ simulatorUrl: env.SHOPIFY_SIMULATOR_URL, logger });
  await followed.refresh();
  followed.start();
  return { clock: followed, stopClock: () => followed.stop(), refreshClock: () => followed.refresh() };
}
