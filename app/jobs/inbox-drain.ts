import type { ClaimedInboxRow, InboxChange } from "#app/data/inbox.repo.ts";
import { buryInbox, changeInbox, claimInbox, releaseInbox } from "#app/data/inbox.repo.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { parseInboxFacts } from "#app/domain/event/inbox-facts.ts";
import { assertNever } from "#app/platform/errors.ts";
import type { Metrics } from "#app/platform/metrics.ts";
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
export type InboxTogether = (
  shopId: string,
  rows: readonly InboxRow[],
) => Promise<ReadonlyMap<string, Extract<InboxVerdict, { outcome: "done" | "parked" }>>>;

/** Rows of the inbox hardly ever wait, so that a third run is reason for suspicion. */
const SUSPECT_FROM = 3;

/**
 * Makes the drain of the inbox: rows of one shop in the order in which they were received.
 *
 * @param deps.handlers By topic; a row of another topic is given up.
 * @param deps.together Asked first, for all rows of a batch at once.
 */
export function createInboxDrain(
  deps: DrainDeps & {
    readonly handlers: Readonly<Record<string, InboxHandler>>;
    readonly together: InboxTogether;
    readonly metrics: Pick<Metrics, "inboxRows">;
  },
): Drain {
  const handlers = new Map(Object.entries(deps.handlers));
  const count = (row: ClaimedInboxRow, outcome: string): void =>
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

  function readable(row: ClaimedInboxRow): InboxRow[] {
    const facts = handlers.has(row.topic) ? parseInboxFacts(row.facts) : null;
    return facts === null ? [] : [rowWith(row, facts)];
  }

  async function work(row: ClaimedInboxRow): Promise<InboxChange | Dead> {
    const handler = handlers.get(row.topic);
    if (handler === undefined) return dead(deps.clock, "unknown_topic");
    const facts = parseInboxFacts(row.facts);
    if (facts === null) return dead(deps.clock, "unreadable_facts");
    const verdict = await handler(rowWith(row, facts));
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
    together,
    work,
    count,
  });
}

function rowWith({ shopId, id, topic, attempts, receivedAt }: ClaimedInboxRow, facts: InboxFacts): InboxRow {
  return { shopId, id, topic, facts, attempts, receivedAt };
}

function changeOf(
  lease: ClaimedInboxRow,
  verdict: Extract<InboxVerdict, { outcome: "done" | "parked" }> | undefined,
): [ClaimedInboxRow, InboxChange][] {
  if (verdict === undefined) return [];
  if (verdict.outcome === "done") return [[lease, { to: "done" }]];
  return [[lease, { to: "parked", wakeKey: verdict.wakeKey, until: verdict.until }]];
}
