import type { Lease } from "#app/data/inbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { Tx } from "#app/data/tenant.ts";
import { inShop } from "#app/data/tenant.ts";

export type Dead = { readonly to: "dead"; readonly reason: string; readonly auditId: string; readonly now: Date };

/** Writes what became of the rows of one claim, several of them in one transaction. */
export type Outcomes<R, Change> = {
  /** Takes what became of a row; it is written within `WRITE_WITHIN_MS`, or when `written` is called. */
  put(row: R, change: Change | Dead): void;
  /** Resolves when everything that was put is written. Fails when the database does: the leases then bring the rows back. */
  written(): Promise<void>;
};

/** What is done is soon seen to be done, also while the next row waits for Shopify. */
const WRITE_WITHIN_MS = 50;

/**
 * @param table.change writes what became of many rows; returns the ids of those that were still this run's
 * @param table.bury gives one row up; returns 1 when it was still this run's
 * @param onWritten called for each row, with what was written or "superseded"
 */
export function createOutcomes<R extends Lease, Change extends { readonly to: string }>(
  pools: Pools,
  table: {
    change(tx: Tx, rows: readonly { readonly lease: R; readonly change: Change }[]): Promise<ReadonlySet<string>>;
    bury(tx: Tx, lease: R, death: Dead): Promise<number>;
  },
  onWritten: (row: R, outcome: string) => void,
): Outcomes<R, Change> {
  let waiting: { readonly lease: R; readonly change: Change | Dead }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function writeAll(): Promise<void> {
    const all = waiting;
    waiting = [];
    const [first] = all;
    if (first === undefined) return;
    const changes = all.flatMap(({ lease, change }) => (isDead(change) ? [] : [{ lease, change }]));
    const ours = await inShop(pools, first.lease.shopId, async (tx) => {
      const changed = new Set(await table.change(tx, changes));
      for (const { lease, change } of all)
        if (isDead(change) && (await table.bury(tx, lease, change)) === 1) changed.add(lease.id);
      return changed;
    });
    for (const { lease, change } of all) onWritten(lease, ours.has(lease.id) ? change.to : "superseded");
  }

  function write(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(writeAll);
    // Whoever asks for `written` hears of a failure; the timer has nobody to tell.
    writing.catch(() => undefined);
    return writing;
  }

  return {
    put(row, change) {
      waiting.push({ lease: row, change });
      timer ??= setTimeout(() => void write(), WRITE_WITHIN_MS);
    },
    written: write,
  };
}

function isDead(change: { readonly to: string }): change is Dead {
  return change.to === "dead";
}
