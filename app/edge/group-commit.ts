import type { Metrics } from "#app/platform/metrics.ts";

export type GroupCommit<Row> = {
  /** Resolves after the row is committed; rejects with the reason when it is not (and may be tried again). */
  submit(row: Row): Promise<void>;
  /** Resolves once everything that was submitted has been answered. */
  drained(): Promise<void>;
};

export type GroupCommitOptions<Row> = {
  /** For the metrics. */
  readonly table: string;
  /** Stores all rows or none, and resolves after the commit. */
  readonly store: (rows: readonly Row[]) => Promise<void>;
  /** Whether an error may lie with one row, so that its neighbours are worth storing without it. */
  readonly isRowFault: (error: unknown) => boolean;
  readonly metrics: Pick<Metrics, "committedRows" | "commitSeconds" | "commitFallbacks">;
  readonly rowsMax?: number;
  readonly inFlightMax?: number;
  readonly waitingMax?: number;
};

type Waiting<Row> = { readonly row: Row; readonly resolve: () => void; readonly reject: (error: unknown) => void };

/** More than this waits only when the database has stopped answering: refusing early keeps memory bounded. */
const WAITING_MAX = 20_000;
const ROWS_MAX = 1_000;
/** A turn that takes in more than this need not end first: the database stores these while we read on. */
const ROWS_WORTH_A_COMMIT = 64;
/** While one batch waits for its fsync the next one is on its way; a third only adds contention. */
const IN_FLIGHT_MAX = 2;

export class GroupCommitFullError extends Error {
  override readonly name = "GroupCommitFullError";
}

/**
 * Commits rows of many requests together: what arrives within one turn of the event loop, or while earlier batches are on
 * their way, shares a commit and its fsync. A batch that fails for a fault of a row is halved until the
 * faulty row stands alone, so one bad row never fails its neighbours.
 */
export function createGroupCommit<Row>(options: GroupCommitOptions<Row>): GroupCommit<Row> {
  const { rowsMax = ROWS_MAX, inFlightMax = IN_FLIGHT_MAX, waitingMax = WAITING_MAX } = options;
  let waiting: Waiting<Row>[] = [];
  let inFlight = 0;
  let isFlushPlanned = false;
  let whenDrained: (() => void)[] = [];

  function planFlush(): void {
    if (isFlushPlanned || waiting.length === 0 || inFlight >= inFlightMax) return;
    isFlushPlanned = true;
    setImmediate(() => {
      isFlushPlanned = false;
      flush();
    });
  }

  function flush(): void {
    if (waiting.length === 0 || inFlight >= inFlightMax) return;
    const batch = waiting.slice(0, rowsMax);
    waiting = waiting.slice(rowsMax);
    inFlight += 1;
    void commit(options, batch).finally(() => {
      inFlight -= 1;
      planFlush();
      if (inFlight > 0 || waiting.length > 0) return;
      for (const wake of whenDrained) wake();
      whenDrained = [];
    });
    planFlush();
  }

  return {
    submit(row) {
      if (waiting.length >= waitingMax)
        return Promise.reject(new GroupCommitFullError(`${options.table} cannot keep up`));
      return new Promise((resolve, reject) => {
        waiting.push({ row, resolve, reject });
        if (waiting.length >= ROWS_WORTH_A_COMMIT) flush();
        planFlush();
      });
    },
    drained() {
      if (inFlight === 0 && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        whenDrained.push(resolve);
      });
    },
  };
}

/** Stores a batch, answers each of its rows, and never rejects itself. */
async function commit<Row>(options: GroupCommitOptions<Row>, batch: readonly Waiting<Row>[]): Promise<void> {
  const { table, metrics } = options;
  const startedAt = performance.now();
  try {
    await options.store(batch.map((item) => item.row));
  } catch (error) {
    await afterFailure(options, batch, error);
    return;
  }
  metrics.committedRows.observe({ table }, batch.length);
  metrics.commitSeconds.observe({ table }, (performance.now() - startedAt) / 1000);
  for (const item of batch) item.resolve();
}

/** Halves a batch that one of its rows may have failed; fails all of it when no row can be blamed. */
async function afterFailure<Row>(
  options: GroupCommitOptions<Row>,
  batch: readonly Waiting<Row>[],
  error: unknown,
): Promise<void> {
  if (batch.length === 1 || !options.isRowFault(error)) {
    for (const item of batch) item.reject(error);
    return;
  }
  options.metrics.commitFallbacks.inc({ table: options.table });
  const middle = Math.ceil(batch.length / 2);
  await commit(options, batch.slice(0, middle));
  await commit(options, batch.slice(middle));
}
