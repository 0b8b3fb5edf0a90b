import type { Pools } from "#app/data/pools.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Logger } from "#app/platform/logger.ts";

/** Works on the rows of a batch in the one transaction that takes them: no lease, and so no row is written twice. */
export type AtOnce = {
  /** `isMore`: rows may be due that it left, or did not look for. What fails is as it was before, for a lease to take. */
  run(shopId: string): Promise<{ readonly handled: number; readonly isMore: boolean }>;
  /** Tells of a batch that was worked on by lease, to its end: how many rows it had, and how many of them could be done together. */
  learn(shopId: string, batch: { readonly rows: number; readonly together: number }): void;
};

/** What a table offers for it. */
export type AtOnceTable<Row, Change> = {
  readonly rowsMax: number;
  /** Locks due rows that no run was begun of, until the transaction ends. `isMore`: others are due as well. */
  take(tx: Tx, fresh: { shopId: string; now: Date; limit: number }): Promise<{ rows: readonly Row[]; isMore: boolean }>;
  /** Makes ready to work on rows of a shop; null when none of them can be worked on like this. */
  ready(shopId: string): Promise<((tx: Tx, rows: readonly Row[]) => Promise<ReadonlyMap<Row, Change>>) | null>;
  /** Writes what becomes of rows that were taken. */
  end(tx: Tx, shopId: string, changes: ReadonlyMap<Row, Change>): Promise<void>;
  /** Counts one row, after the commit. */
  count(row: Row, change: Change): void;
};

const NOTHING = { handled: 0, isMore: true } as const;
const SHOPS_REMEMBERED_MAX = 10_000;
/** To look at rows that are then left costs something too. */
const SHARE_LEAST = 0.5;
/** A shop that disappointed is given so many batches by lease before it is tried again. */
const BATCHES_AFTER_DISAPPOINTMENT = 4;

/**
 * A row that kills the process leaves no trace here: its run would be counted by the transaction that dies with it. So a shop
 * is worked on at once only after this process has come to the end of a batch of its rows by lease. A process that starts
 * again after such a row counts its runs, and a row that has runs behind it is never taken at once.
 */
export function createAtOnce<Row, Change>(
  deps: { readonly pools: Pools; readonly clock: Clock; readonly logger: Logger },
  table: AtOnceTable<Row, Change>,
): AtOnce {
  /** For each shop, how many more good batches by lease it takes; 0: it is worked on at once. */
  const missing = new Map<string, number>();

  function learn(shopId: string, { rows, together }: { rows: number; together: number }): void {
    if (together < rows * SHARE_LEAST) return;
    if (missing.size >= SHOPS_REMEMBERED_MAX) missing.clear();
    missing.set(shopId, Math.max(0, (missing.get(shopId) ?? 1) - 1));
  }

  async function work(shopId: string): Promise<{ handled: number; isMore: boolean }> {
    const endsOf = await table.ready(shopId);
    if (endsOf === null) return NOTHING;
    const { rows, changes, isMore } = await retryRaces(() =>
      inShop(deps.pools, shopId, async (tx) => {
        const taken = await table.take(tx, { shopId, now: deps.clock.now(), limit: table.rowsMax });
        const changes = taken.rows.length === 0 ? new Map<Row, Change>() : await endsOf(tx, taken.rows);
        if (changes.size > 0) await table.end(tx, shopId, changes);
        return { ...taken, changes };
      }),
    );
    for (const [row, change] of changes) table.count(row, change);
    if (changes.size < rows.length * SHARE_LEAST) missing.set(shopId, BATCHES_AFTER_DISAPPOINTMENT);
    return { handled: changes.size, isMore: isMore || changes.size < rows.length || rows.length === table.rowsMax };
  }

  return {
    learn,
    async run(shopId) {
      if (missing.get(shopId) !== 0) return NOTHING;
      try {
        return await work(shopId);
      } catch (error) {
        // Nothing was written. By lease, the row at fault delays itself alone.
        missing.set(shopId, BATCHES_AFTER_DISAPPOINTMENT);
        deps.logger.warn({ shopId, err: error }, "a batch is worked on by lease");
        return NOTHING;
      }
    },
  };
}
