import type { ClaimedOutboxRow, OutboxChange, OutboxTopic } from "#app/data/outbox.repo.ts";
import { changeOutbox, claimOutbox, releaseOutbox } from "#app/data/outbox.repo.ts";
import { assertNever } from "#app/platform/errors.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { createDrain, dead, later } from "./drain.ts";
import type { Drain, DrainDeps } from "./drain.ts";

export type OutboxRow = {
  readonly shopId: string;
  readonly id: string;
  readonly topic: string;
  readonly dedupeKey: string;
  readonly payload: Record<string, unknown>;
  /** Runs begun, this one included. */
  readonly attempts: number;
  readonly externalId: string | null;
};

export type OutboxVerdict =
  | { readonly outcome: "done"; readonly externalId?: string }
  | { readonly outcome: "again"; readonly at: Date; readonly reason: string }
  | { readonly outcome: "dead"; readonly reason: string };

/** Works on one row. Idempotent: a row may run twice, and at the same time when its process hangs past the lease. */
export type OutboxHandler = (row: OutboxRow) => Promise<OutboxVerdict>;

/**
 * Makes the drain of the outbox: rows of one shop one after the other, longest due first.
 *
 * @param deps.handlers One for each topic.
 */
export function createOutboxDrain(
  deps: DrainDeps & {
    readonly handlers: Readonly<Record<OutboxTopic, OutboxHandler>>;
    readonly metrics: Pick<Metrics, "outboxRows">;
  },
): Drain {
  const handlers = new Map<string, OutboxHandler>(Object.entries(deps.handlers));

  async function work(row: ClaimedOutboxRow): Promise<OutboxChange> {
    const handler = handlers.get(row.topic);
    if (handler === undefined) return dead(deps.clock, "unknown_topic");
    const { shopId, id, topic, dedupeKey, payload, attempts, externalId } = row;
    const verdict = await handler({ shopId, id, topic, dedupeKey, payload, attempts, externalId });
    switch (verdict.outcome) {
      case "done":
        return { to: "done", externalId: verdict.externalId ?? null };
      case "again":
        return later(row, verdict.at, deps.settings);
      case "dead":
        return dead(deps.clock, verdict.reason);
      default:
        return assertNever(verdict);
    }
  }

  return createDrain<ClaimedOutboxRow, OutboxChange>(deps, {
    kind: "outbox",
    claim: claimOutbox,
    release: releaseOutbox,
    change: changeOutbox,
    work,
    count: (row, outcome) =>
      deps.metrics.outboxRows.inc({ topic: handlers.has(row.topic) ? row.topic : "unknown", outcome }),
  });
}
