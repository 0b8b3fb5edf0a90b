import type { ClaimedInboxRow, InboxChange } from "#app/data/inbox.repo.ts";
import { changeInbox, claimInbox, releaseInbox } from "#app/data/inbox.repo.ts";
import type { InboxFacts } from "#app/domain/event/inbox-facts.ts";
import { parseInboxFacts } from "#app/domain/event/inbox-facts.ts";
import { assertNever } from "#app/platform/errors.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { createDrain, dead, later } from "./drain.ts";
import type { Drain, DrainDeps } from "./drain.ts";

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
 * Makes the drain of the inbox: rows of one shop in the order in which they were received.
 *
 * @param deps.handlers By topic; a row of another topic is given up.
 */
export function createInboxDrain(
  deps: DrainDeps & {
    readonly handlers: Readonly<Record<string, InboxHandler>>;
    readonly metrics: Pick<Metrics, "inboxRows">;
  },
): Drain {
  const handlers = new Map(Object.entries(deps.handlers));

  async function work(row: ClaimedInboxRow): Promise<InboxChange> {
    const handler = handlers.get(row.topic);
    if (handler === undefined) return dead(deps.clock, "unknown_topic");
    const facts = parseInboxFacts(row.facts);
    if (facts === null) return dead(deps.clock, "unreadable_facts");
    const { shopId, id, topic, attempts, receivedAt } = row;
    const verdict = await handler({ shopId, id, topic, facts, attempts, receivedAt });
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
    work,
    count: (row, outcome) =>
      deps.metrics.inboxRows.inc({ topic: handlers.has(row.topic) ? row.topic : "unknown", outcome }),
  });
}
