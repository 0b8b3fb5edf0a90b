import type { Pools } from "#app/data/pools.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";

/** What every handler of an inbox row works with. */
export type EventDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly shops: ShopDirectory;
  readonly ringInbox: (shopId: string) => void;
  readonly ringOutbox: (shopId: string) => void;
};

/** An inbox row with its facts read. */
export type InboxEvent<F extends InboxFacts = InboxFacts> = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  readonly facts: F;
  readonly receivedAt: Date;
};

/** What becomes of the row. `parked`: it waits for a fact with this name, at most until then. */
export type EventVerdict =
  { readonly outcome: "done" } | { readonly outcome: "parked"; readonly wakeKey: string; readonly until: Date };

export const DONE: EventVerdict = { outcome: "done" };

/** The name under which an order waits for evidence about its customer. */
export function wakeKeyOf(customerHash: string): string {
  return `customer:${customerHash}`;
}
