import type { ClaimedOutboxRow, OutboxTopic, OutboxChange } from "#app/data/outbox.repo.ts";
import { buryOutbox, changeOutbox, claimOutbox, releaseOutbox } from "#app/data/outbox.repo.ts";
import { assertNever } from "#app/platform/errors.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import { createDrain, dead, later, waitsCountedMax } from "./drain.ts";
import type { Drain, DrainDeps, DrainSettings } from "./drain.ts";
import type { Dead } from "./outcomes.ts";

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
  /** `anew`: the work was done, and the same row is its next time: the runs so far are forgotten. */
  | { readonly outcome: "again"; readonly at: Date; readonly reason: string; readonly anew?: true }
  | { readonly outcome: "dead"; readonly reason: string };

/** Works on one row. Idempotent: a row may run twice, and at the same time when its process hangs past the lease. */
export type OutboxHandler = (row: OutboxRow) => Promise<OutboxVerdict>;

type TogetherVerdict = Extract<OutboxVerdict, { outcome: "done" | "again" }>;

/**
 * Works on those rows of one topic that can be worked on together, and says what becomes of them, by their ids; the
 * others come to their handler. Idempotent like a handler; a row may have been worked on although it throws.
 */
export type OutboxTogether = (
  shopId: string,
  rows: readonly OutboxRow[],
) => Promise<ReadonlyMap<string, TogetherVerdict>>;

/**
 * Makes the drain of the outbox: rows of one shop one after the other, longest due first.
 *
 * @param deps.handlers One for each topic.
 * @param deps.together Asked first, for all rows of their topic at once.
 */
export function createOutboxDrain(
  deps: DrainDeps & {
    readonly handlers: Readonly<Record<OutboxTopic, OutboxHandler>>;
    readonly together: Partial<Readonly<Record<OutboxTopic, OutboxTogether>>>;
    readonly metrics: Pick<Metrics, "outboxRows">;
  },
): Drain {
  const handlers = new Map<string, OutboxHandler>(Object.entries(deps.handlers));

  async function work(row: ClaimedOutboxRow): Promise<OutboxChange | Dead> {
    const handler = handlers.get(row.topic);
    if (handler === undefined) return dead(deps.clock, "unknown_topic");
    const verdict = await handler(rowOf(row));
    switch (verdict.outcome) {
      case "done":
        return { to: "done", externalId: verdict.externalId ?? null };
      case "again":
        return verdict.anew === true
          ? { to: "later", at: verdict.at, attempts: 0 }
          : later(row, verdict.at, deps.settings);
      case "dead":
        return dead(deps.clock, verdict.reason);
      default:
        return assertNever(verdict);
    }
  }

  const count = (row: ClaimedOutboxRow, outcome: string): void =>
    deps.metrics.outboxRows.inc({ topic: handlers.has(row.topic) ? row.topic : "unknown", outcome });

  async function together(rows: readonly ClaimedOutboxRow[]): Promise<ReadonlyMap<ClaimedOutboxRow, OutboxChange>> {
    const changes: [ClaimedOutboxRow, OutboxChange][] = [];
    for (const [topic, workOn] of Object.entries(deps.together)) {
      const ofTopic = rows.filter((row) => row.topic === topic);
      changes.push(...(await doneTogether(workOn, ofTopic)));
    }
    return new Map(changes);
  }

  async function doneTogether(
    workOn: OutboxTogether,
    rows: readonly ClaimedOutboxRow[],
  ): Promise<[ClaimedOutboxRow, OutboxChange][]> {
    const [first] = rows;
    if (first === undefined || rows.length === 1) return [];
    try {
      const verdicts = await workOn(first.shopId, rows.map(rowOf));
      return rows.flatMap((lease) => changeOf(lease, verdicts.get(lease.id), deps.settings));
    } catch (error) {
      // What cannot be done together is done one by one, where the row at fault delays itself alone.
      const { shopId, topic } = first;
      deps.logger.warn({ shopId, topic, count: rows.length, err: error }, "a batch is worked on row by row");
      return [];
    }
  }

  return createDrain<ClaimedOutboxRow, OutboxChange>(deps, {
    kind: "outbox",
    claim: claimOutbox,
    release: releaseOutbox,
    change: changeOutbox,
    bury: buryOutbox,
    // A call to Shopify that has to wait, waits for all of its rows.
    suspectFrom: waitsCountedMax(deps.settings) + 1,
    together,
    work,
    count,
  });
}

function rowOf({ shopId, id, topic, dedupeKey, payload, attempts, externalId }: ClaimedOutboxRow): OutboxRow {
  return { shopId, id, topic, dedupeKey, payload, attempts, externalId };
}

function changeOf(
  lease: ClaimedOutboxRow,
  verdict: TogetherVerdict | undefined,
  settings: DrainSettings,
): [ClaimedOutboxRow, OutboxChange][] {
  if (verdict === undefined) return [];
  return verdict.outcome === "done"
    ? [[lease, { to: "done", externalId: verdict.externalId ?? null }]]
    : [[lease, later(lease, verdict.at, settings)]];
}
