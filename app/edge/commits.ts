import { storeClicks } from "#app/data/clicks-door.repo.ts";
import type { ClickRow } from "#app/data/clicks-door.repo.ts";
import { storeDeliveries } from "#app/data/inbox-door.repo.ts";
import type { DeliveryRow } from "#app/data/inbox-door.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { GroupCommit } from "./group-commit.ts";

export type DoorCommits = { readonly deliveries: GroupCommit<DeliveryRow>; readonly clicks: GroupCommit<ClickRow> };

/** Makes the group commits of the two tables that the doors append to; one of each a process. */
export function createDoorCommits(deps: { pools: Pick<Pools, "door">; metrics: Metrics }): DoorCommits {
  return {
    deliveries: createGroupCommit({
      table: "inbox",
      store: (rows) => storeDeliveries(deps.pools, rows),
      isRowFault,
      metrics: deps.metrics,
    }),
    clicks: createGroupCommit({
      table: "clicks",
      store: (rows) => storeClicks(deps.pools, rows),
      isRowFault,
      metrics: deps.metrics,
    }),
  };
}

/** Data exception, integrity violation, transaction rollback (a deadlock), program limit exceeded. */
const ROW_FAULT_CLASSES = new Set(["22", "23", "40", "54"]);

/**
 * Whether a failure may be the fault of one row's values. A lost connection, a full disk or a missing table is not, and
 * storing row by row would only make it worse.
 */
export function isRowFault(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  const sqlstate: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof sqlstate === "string" && sqlstate.length === 5 && ROW_FAULT_CLASSES.has(sqlstate.slice(0, 2));
}

/** Whether a row can never be stored as it is, however often it is sent. */
export function isPoison(error: unknown): boolean {
  const sqlstate: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return isRowFault(error) && !(typeof sqlstate === "string" && sqlstate.startsWith("40"));
}
