import type { ClickRow } from "#app/data/clicks-door.repo.ts";
import type { Logger } from "#app/platform/logger.ts";
import { isRowFault } from "./commits.ts";
import type { GroupCommit } from "./group-commit.ts";

export type ClickLog = {
  /** Resolves when the row is committed or has been given up; never rejects: a tap is answered either way. */
  write(row: ClickRow): Promise<void>;
  /** Tries the rows that wait once more, and stops trying. */
  close(): Promise<void>;
};

const RETRY_EVERY_MS = 1_000;
/** About a minute of a busy shop; a row beyond that is written anew from its token, without the network's facts. */
const KEPT_MAX = 10_000;

/** Writes clicks, and keeps those that the database could not take until it can. */
export function createClickLog(deps: { clicks: GroupCommit<ClickRow>; logger: Logger }): ClickLog {
  let kept: ClickRow[] = [];
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  async function write(row: ClickRow): Promise<void> {
    try {
      await deps.clicks.submit(row);
    } catch (error) {
      if (isRowFault(error) || isClosed || kept.length >= KEPT_MAX) {
        deps.logger.warn({ err: error, shopId: row.shopId }, "a click was not recorded; its token stands for it");
        return;
      }
      if (kept.length === 0) deps.logger.warn({ err: error }, "clicks wait for the database");
      kept.push(row);
      timer ??= setTimeout(retry, RETRY_EVERY_MS).unref();
    }
  }

  function retry(): void {
    timer = null;
    const rows = kept;
    kept = [];
    for (const row of rows) void write(row);
  }

  return {
    write,
    async close() {
      if (timer !== null) clearTimeout(timer);
      isClosed = true;
      const rows = kept;
      kept = [];
      await Promise.all(rows.map((row) => write(row)));
      await deps.clicks.drained();
    },
  };
}
