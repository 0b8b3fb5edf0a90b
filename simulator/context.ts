import type { AppConfig } from "./app-config.ts";
import type { FaultBoard } from "./faults/faults.ts";
import type { Throttle } from "./graphql/throttle.ts";
import type { Dispatcher } from "./webhooks/dispatcher.ts";
import type { World } from "./world/world.ts";

/** What every route of the simulator works with. */
export type Simulator = {
  readonly world: World;
  readonly config: AppConfig;
  readonly faults: FaultBoard;
  readonly dispatcher: Dispatcher;
  readonly throttle: Throttle;
};
