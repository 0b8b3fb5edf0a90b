import type { Logger } from "#app/platform/logger.ts";
import type { Queues } from "#app/platform/queue.ts";
import { JOB_CATALOG, queueNameOf } from "./catalog.ts";
import type { JobName } from "./catalog.ts";

export type BellKind = "inbox" | "outbox";

/** Rings after a commit, to say that a shop has due rows. */
export type Ringer = {
  /** Returns at once and never throws. A bell that is lost costs one interval of the sweep and nothing else. */
  ring(kind: BellKind, shopId: string): void;
  /** Bells since the start: sent to the queue, merged with one on its way, lost. */
  counts(): { readonly rung: number; readonly merged: number; readonly lost: number };
  /** Bells that are on their way to the queue. */
  inFlight(): number;
};

/** Bells on their way at once; beyond it they are lost, and the sweep rings instead. */
const BELLS_IN_FLIGHT_MAX = 10_000;
const LOG_LOST_EVERY_MS = 5_000;

/**
 * Makes the ringer. Bells of one shop are merged twice: here while one is on its way, and in the queue while one waits.
 * One that comes while the shop is being worked on makes exactly one more run.
 */
export function createRinger(deps: { queues: Pick<Queues, "add">; logger: Logger }): Ringer {
  /** Shop by shop, whether it was rung again while its bell was on its way. */
  const onTheirWay = new Map<string, boolean>();
  const counts = { rung: 0, merged: 0, lost: 0 };
  let silentUntilMs = 0;

  function lose(kind: BellKind, shopId: string, error: unknown): void {
    counts.lost += 1;
    if (performance.now() < silentUntilMs) return;
    silentUntilMs = performance.now() + LOG_LOST_EVERY_MS;
    deps.logger.warn({ kind, shopId, err: error, count: counts.lost }, "a bell was lost; the sweep will find its rows");
  }

  async function send(kind: BellKind, shopId: string, key: string): Promise<void> {
    try {
      do {
        onTheirWay.set(key, false);
        await addBell(deps.queues, kind, shopId);
        counts.rung += 1;
      } while (onTheirWay.get(key) === true);
    } catch (error) {
      lose(kind, shopId, error);
    } finally {
      onTheirWay.delete(key);
    }
  }

  return {
    ring(kind, shopId) {
      const key = `${kind} ${shopId}`;
      if (onTheirWay.has(key)) {
        onTheirWay.set(key, true);
        counts.merged += 1;
      } else if (onTheirWay.size >= BELLS_IN_FLIGHT_MAX) {
        lose(kind, shopId, new Error("too many bells on their way"));
      } else {
        void send(kind, shopId, key);
      }
    },
    counts: () => ({ ...counts }),
    inFlight: () => onTheirWay.size,
  };
}

const BELLS: Readonly<Record<BellKind, JobName>> = { inbox: "inbox.drain", outbox: "outbox.drain" };

/** Adds one bell to the queue, merged with one of the same shop that waits there. */
async function addBell(queues: Pick<Queues, "add">, kind: BellKind, shopId: string): Promise<void> {
  const job = BELLS[kind];
  await queues.add(queueNameOf(job), { shopId }, { coalesceOn: shopId, attemptsMax: JOB_CATALOG[job].attempts });
}
