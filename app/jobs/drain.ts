import type { Claim, Lease } from "#app/data/inbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { Tx } from "#app/data/tenant.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { AppError } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { AtOnce } from "./at-once.ts";
import { backoffMs } from "./backoff.ts";
import { createOutcomes } from "./outcomes.ts";
import type { Dead, Outcomes } from "./outcomes.ts";

export type DrainOutcome = {
  /** `more`: rows are left that are due, and the bell was rung again. */
  readonly outcome: "drained" | "more";
  readonly handled: number;
};

/** Works on the due rows of one shop. */
export type Drain = {
  /** Runs one bounded batch, row after row. Fails only when the database does: leased rows then come back by themselves. */
  run(shopId: string): Promise<DrainOutcome>;
  /** Rows being worked on in this process at this moment. */
  inFlight(): number;
  /** Begins no further row; rows that are leased but not begun are given back. */
  stop(): void;
};

export type DrainSettings = {
  /** How long a row of a killed process stays out of reach. */
  readonly leaseMs: number;
  /** Rows that one bell may lease at once. */
  readonly rowsMax: number;
  /** Runs after which a row is given up. */
  readonly attemptsMax: number;
};

export type DrainDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Rings this kind's bell again when rows are left. */
  readonly ringAgain: (shopId: string) => void;
  readonly random: () => number;
  readonly settings: DrainSettings;
};

type Row = Lease & { readonly topic: string };
type Later = { readonly to: "later"; readonly at: Date; readonly attempts: number };

/** What a drain needs to know of its table. */
export type DrainTable<R extends Row, Change> = {
  readonly kind: "inbox" | "outbox";
  claim(tx: Tx, claim: Claim): Promise<R[]>;
  release(tx: Tx, leases: readonly Lease[], now: Date): Promise<void>;
  /** Writes what became of rows of one claim; returns the ids of those that were still this run's. */
  change(tx: Tx, rows: readonly { readonly lease: R; readonly change: Change | Later }[]): Promise<ReadonlySet<string>>;
  /** Gives a row up; returns 1 when it was still this run's. */
  bury(tx: Tx, lease: R, death: Dead): Promise<number>;
  /**
   * A row with so many runs behind it is leased alone: if it kills the process, it takes no other row's runs with it.
   * Beyond what rows reach that only waited (see `later`), where many may have to wait for the same.
   */
  readonly suspectFrom: number;
  /** Does at once the work of those rows that need no unit of work of their own, and says what becomes of them; never throws. */
  together?(rows: readonly R[]): Promise<ReadonlyMap<R, Change | Later>>;
  /** Asked first: ends what needs neither a lease nor a unit of work of its own. */
  readonly atOnce?: AtOnce;
  /** Does the row's work and says what becomes of it; a throw is a failed run. */
  work(row: R): Promise<Change | Dead | Later>;
  /** Counts one row that was worked on. */
  count(row: R, outcome: string): void;
};

const SUSPECTS_PER_RUN_MAX = 20;
/** While a shop is busy, its suspects are looked for this often. */
const SUSPECTS_EVERY_MS = 5_000;
const SHOPS_REMEMBERED_MAX = 10_000;
/** A lease is left unused for its last part, so that no row is begun that another drain may soon lease. */
const LEASE_USED_SHARE = 0.6;

/** Makes the drain of one table. Two drains of one shop never lease the same row: PostgreSQL hands each row out once. */
export function createDrain<R extends Row, Change extends { readonly to: string }>(
  deps: DrainDeps,
  table: DrainTable<R, Change>,
): Drain {
  const { pools, clock, settings } = deps;
  let rowsInFlight = 0;
  let stopping = false;
  const mayHaveSuspects = createSuspectWatch();

  async function claim(shopId: string, suspects: boolean): Promise<R[]> {
    const rows = await claimRows(deps, table, shopId, suspects);
    rowsInFlight += rows.length;
    return rows;
  }

  /** Works on leased rows, and gives back those that there is no time for. Returns how many were done. */
  async function workThrough(rows: readonly R[]): Promise<number> {
    const deadlineMs = performance.now() + settings.leaseMs * LEASE_USED_SHARE;
    const outcomes = outcomesOf(deps, table);
    try {
      // A row alone may be one that kills the process: it is worked on by itself.
      const isBatch = rows.length > 1 && !stopping;
      const together = isBatch ? await table.together?.(rows) : undefined;
      for (const [row, change] of together ?? []) outcomes.put(row, change);
      await outcomes.written();
      const single = rows.filter((row) => together?.has(row) !== true);
      const done = await workInTurn(single, deadlineMs, outcomes);
      await outcomes.written();
      if (done === single.length) learnFrom(table.atOnce, rows, together?.size);
      return rows.length - single.length + done;
    } finally {
      rowsInFlight -= rows.length;
    }
  }

  async function workInTurn(
    rows: readonly R[],
    deadlineMs: number,
    outcomes: Outcomes<R, Change | Later>,
  ): Promise<number> {
    let done = 0;
    for (const row of rows) {
      if (stopping || (done > 0 && performance.now() > deadlineMs)) break;
      const change = await decide(deps, table, row);
      outcomes.put(row, change);
      // The next row may bring what this one waits for: it can only wake what is seen to wait.
      if (change.to === "parked") await outcomes.written();
      done += 1;
    }
    const left = rows.slice(done);
    const [first] = left;
    if (first !== undefined) await inShop(pools, first.shopId, (tx) => table.release(tx, left, clock.now()));
    return done;
  }

  return {
    async run(shopId) {
      const atOnce = stopping ? undefined : await table.atOnce?.run(shopId);
      const fresh = atOnce?.isMore === false ? [] : await claim(shopId, false);
      const done = await workThrough(fresh);
      let handled = done + (atOnce?.handled ?? 0);
      let isMore = fresh.length === settings.rowsMax || done < fresh.length;
      const isSought = !stopping && !isMore && mayHaveSuspects(shopId, handled === 0);
      for (let suspects = 0; isSought && !stopping && !isMore; suspects += 1) {
        const [suspect] = await claim(shopId, true);
        if (suspect === undefined) break;
        handled += await workThrough([suspect]);
        isMore = suspects + 1 >= SUSPECTS_PER_RUN_MAX;
      }
      if (isMore) deps.ringAgain(shopId);
      return { outcome: isMore ? "more" : "drained", handled };
    },
    inFlight: () => rowsInFlight,
    stop: () => void (stopping = true),
  };
}

function learnFrom(atOnce: AtOnce | undefined, rows: readonly Row[], together: number | undefined): void {
  const [first] = rows;
  if (first !== undefined && together !== undefined) atOnce?.learn(first.shopId, { rows: rows.length, together });
}

/** Leases what is due of a shop: a batch, or one suspect. */
function claimRows<R extends Row, Change>(
  { pools, clock, settings }: DrainDeps,
  table: Pick<DrainTable<R, Change>, "claim" | "suspectFrom">,
  shopId: string,
  suspects: boolean,
): Promise<R[]> {
  const now = clock.now();
  const leaseUntil = new Date(now.getTime() + settings.leaseMs);
  const limit = suspects ? 1 : settings.rowsMax;
  return inShop(pools, shopId, (tx) =>
    table.claim(tx, { shopId, now, leaseUntil, limit, suspectFrom: table.suspectFrom, suspects }),
  );
}

/** Writes what becomes of rows, and tells of it. */
function outcomesOf<R extends Row, Change extends { readonly to: string }>(
  deps: DrainDeps,
  table: DrainTable<R, Change>,
): Outcomes<R, Change | Later> {
  return createOutcomes<R, Change | Later>(deps.pools, table, (row, outcome) => {
    table.count(row, outcome);
    if (outcome === "dead") deps.logger.error({ ...describe(table.kind, row), outcome }, "gave a row up");
  });
}

/** Says when a shop's suspects are to be looked for: whenever nothing else is due, and every few seconds otherwise. */
function createSuspectWatch(): (shopId: string, isIdle: boolean) => boolean {
  const soughtAt = new Map<string, number>();
  return (shopId, isIdle) => {
    const nowMs = performance.now();
    const isDue = nowMs - (soughtAt.get(shopId) ?? -Infinity) >= SUSPECTS_EVERY_MS;
    if (!isIdle && !isDue) return false;
    if (soughtAt.size >= SHOPS_REMEMBERED_MAX) soughtAt.clear();
    soughtAt.set(shopId, nowMs);
    return true;
  };
}

/** The verdict on one run of a row; every failure has one, so that a poison row only delays itself. */
async function decide<R extends Row, Change extends { readonly to: string }>(
  deps: DrainDeps,
  table: DrainTable<R, Change>,
  row: R,
): Promise<Change | Dead | Later> {
  // The run was counted before this line: one that never came back has been counted too.
  if (row.attempts > deps.settings.attemptsMax) return dead(deps.clock, "attempts_exhausted");
  try {
    return await table.work(row);
  } catch (error) {
    deps.logger.warn({ ...describe(table.kind, row), err: error }, "a row failed");
    if (error instanceof AppError && !error.isRetryable) return dead(deps.clock, error.code);
    if (row.attempts >= deps.settings.attemptsMax) return dead(deps.clock, "attempts_exhausted");
    const at = new Date(deps.clock.now().getTime() + backoffMs(row.attempts, deps.random));
    return { to: "later", at, attempts: row.attempts };
  }
}

/** The change that gives a row up, with an id for its entry in the record. */
export function dead(clock: Clock, reason: string): Dead {
  return { to: "dead", reason, auditId: newId(), now: clock.now() };
}

/**
 * The change for a wait that the row's own work asked for. Its runs count, so that waits may grow with them, but only
 * up to half of what gives a row up: waiting for Shopify is no failure.
 */
export function later(row: { attempts: number }, at: Date, settings: DrainSettings): Later {
  return { to: "later", at, attempts: Math.min(row.attempts, waitsCountedMax(settings)) };
}

/** How many runs a row has behind it at most that did nothing but wait. */
export function waitsCountedMax(settings: DrainSettings): number {
  return Math.floor(settings.attemptsMax / 2);
}

function describe(
  kind: string,
  row: Row,
): { kind: string; shopId: string; rowId: string; topic: string; attempts: number } {
  return { kind, shopId: row.shopId, rowId: row.id, topic: row.topic, attempts: row.attempts };
}
