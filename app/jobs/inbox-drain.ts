import type { ClaimedInboxRow, FreshInboxRow, InboxChange, InboxEnd } from "#app/data/inbox.repo.ts";
import {
  buryInbox,
  changeInbox,
  claimInbox,
  endFreshInbox,
  lockFreshInbox,
  releaseInbox,
} from "#app/data/inbox.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { parseInboxFacts } from "#app/domain/event/inbox-facts.ts";
import { assertNever } from "#app/platform/errors.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { createAtOnce } from "./at-once.ts";
import type { AtOnce } from "./at-once.ts";
import { createDrain, dead, later } from "./drain.ts";
import type { Drain, DrainDeps } from "./drain.ts";
import type { Dead } from "./outcomes.ts";

export type InboxRow = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  readonly facts: InboxFacts;
  /** Runs begun since the row was stored or last parked, this one included. */
  readonly attempts: number;
  readonly receivedAt: Date;
};

/** A row that no run was begun of. */
export type FreshRow = Omit<InboxRow, "attempts">;

export type InboxVerdict =
  | { readonly outcome: "done" }
  /** Nothing to do before `until`, unless somebody wakes `wakeKey`. */
  | { readonly outcome: "parked"; readonly wakeKey: string; readonly until: Date }
  | { readonly outcome: "retry"; readonly at: Date; readonly reason: string }
  | { readonly outcome: "dead"; readonly reason: string };

/** Works on one row. Idempotent: a row may run twice, and at the same time when its process hangs past the lease. */
export type InboxHandler = (row: InboxRow) => Promise<InboxVerdict>;

/**
 * Works on those rows of a batch that can be worked on together, and says what becomes of them, by their ids; the others
 * come to their handlers. Idempotent like a handler, all or nothing.
 */
export type InboxTogether = (shopId: string, rows: readonly InboxRow[]) => Promise<ReadonlyMap<string, EndVerdict>>;

type EndVerdict = Extract<InboxVerdict, { outcome: "done" | "parked" }>;

/** As `InboxTogether`, in the transaction that takes the rows. Made ready for one shop before that begins; null for a shop without work. */
export type InboxAtOnce = (
  shopId: string,
) => Promise<((tx: Tx, rows: readonly FreshRow[]) => Promise<ReadonlyMap<string, EndVerdict>>) | null>;

/** Rows of the inbox hardly ever wait, so that a third run is reason for suspicion. */
const SUSPECT_FROM = 3;

/**
 * Makes the drain of the inbox: rows of one shop in the order in which they were received.
 *
 * @param deps.handlers By topic; a row of another topic is given up.
 * @param deps.atOnce Asked first, for rows that need no lease.
 * @param deps.together Asked before the handlers, for all leased rows of a batch.
 */
export function createInboxDrain(
  deps: DrainDeps & {
    readonly handlers: Readonly<Record<string, InboxHandler>>;
    readonly atOnce: InboxAtOnce;
    readonly together: InboxTogether;
    readonly metrics: Pick<Metrics, "inboxRows">;
  },
): Drain {
  const handlers = new Map(Object.entries(deps.handlers));
  const count = (row: { readonly topic: string }, outcome: string): void =>
    deps.metrics.inboxRows.inc({ topic: handlers.has(row.topic) ? row.topic : "unknown", outcome });

  async function together(rows: readonly ClaimedInboxRow[]): Promise<ReadonlyMap<ClaimedInboxRow, InboxChange>> {
    const [first] = rows;
    if (first === undefined) return new Map();
    try {
      const verdicts = await deps.together(first.shopId, rows.flatMap(readable));
      return new Map(rows.flatMap((row) => changeOf(row, verdicts.get(row.id))));
    } catch (error) {
      // What cannot be done together is done one by one, where the row at fault delays itself alone.
      deps.logger.warn({ shopId: first.shopId, count: rows.length, err: error }, "a batch is worked on row by row");
      return new Map();
    }
  }

  function readable<Row extends FreshInboxRow>(row: Row): Readable<Row>[] {
    const facts = handlers.has(row.topic) ? parseInboxFacts(row.facts) : null;
    return facts === null ? [] : [{ ...row, facts }];
  }

  async function work(row: ClaimedInboxRow): Promise<InboxChange | Dead> {
    const handler = handlers.get(row.topic);
    if (handler === undefined) return dead(deps.clock, "unknown_topic");
    const facts = parseInboxFacts(row.facts);
    if (facts === null) return dead(deps.clock, "unreadable_facts");
    const verdict = await handler({ ...row, facts });
    switch (verdict.outcome) {
      case "done":
        return { to: "done" };
      case "parked":
        return { to: "parked", wakeKey: verdict.wakeKey, until: verdict.until };
      case "retry":
        return later(row, verdict.at, deps.settings);
      case "dead":
        return dead(deps.clock, verdict.reason);
      default:
        return assertNever(verdict);
    }
  }

  return createDrain<ClaimedInboxRow, InboxChange>(deps, {
    kind: "inbox",
    claim: claimInbox,
    release: releaseInbox,
    change: changeInbox,
    bury: buryInbox,
    suspectFrom: SUSPECT_FROM,
    atOnce: createInboxAtOnce(deps, readable, count),
    together,
    work,
    count,
  });
}

type Readable<Row> = Omit<Row, "facts"> & { readonly facts: InboxFacts };

function createInboxAtOnce(
  deps: DrainDeps & { readonly atOnce: InboxAtOnce },
  readable: (row: FreshInboxRow) => Readable<FreshInboxRow>[],
  count: (row: FreshInboxRow, outcome: string) => void,
): AtOnce {
  return createAtOnce<FreshInboxRow, InboxEnd>(deps, {
    rowsMax: deps.settings.rowsMax,
    take: lockFreshInbox,
    async ready(shopId) {
      const verdictsOn = await deps.atOnce(shopId);
      if (verdictsOn === null) return null;
      return async (tx, rows) => {
        const verdicts = await verdictsOn(tx, rows.flatMap(readable));
        return new Map(rows.flatMap((row) => changeOf(row, verdicts.get(row.id))));
      };
    },
    end: (tx, shopId, ends) =>
      endFreshInbox(
        tx,
        shopId,
        [...ends].map(([{ id }, change]) => ({ id, change })),
      ),
    count: (row, { to }) => count(row, to),
  });
}

function changeOf<Row>(row: Row, verdict: EndVerdict | undefined): [Row, InboxEnd][] {
  if (verdict === undefined) return [];
  if (verdict.outcome === "done") return [[row, { to: "done" }]];
  return [[row, { to: "parked", wakeKey: verdict.wakeKey, until: verdict.until }]];
}
