import { createFollowedClock, systemClock } from "./platform/clock.ts";
import type { Clock } from "./platform/clock.ts";
import type { Env } from "./platform/env.ts";
import type { Logger } from "./platform/logger.ts";

export type StartedClock = {
  readonly clock: Clock;
  readonly stopClock: () => void;
  readonly refreshClock: () => Promise<void>;
  /** Calls `listener` when the simulator moved time; never without one. */
  readonly onTimeMoved: (listener: () => void) => void;
};

/** The machine's clock; the simulator's where one is followed, read once before anything decides on it. */
export async function startClock(env: Env, logger: Logger): Promise<StartedClock> {
  if (env.SHOPIFY_SIMULATOR_URL === undefined)
    return {
      clock: systemClock,
      stopClock: () => undefined,
      refreshClock: () => Promise.resolve(),
      onTimeMoved: () => undefined,
    };
  const followed = createFollowedClock({ simulatorUrl: env.SHOPIFY_SIMULATOR_URL, logger });
  await followed.refresh();
  followed.start();
  return {
    clock: followed,
    stopClock: () => followed.stop(),
    refreshClock: () => followed.refresh(),
    onTimeMoved: (listener) => followed.onMove(listener),
  };
}
