import { setTimeout as sleep } from "node:timers/promises";
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
  /** Bells that are on their way to the queue, or wait for their turn to be. */
  inFlight(): number;
};

/** Bells on their way or at rest; beyond it they are lost, and the sweep rings instead. */
const BELLS_IN_FLIGHT_MAX = 10_000;
const LOG_LOST_EVERY_MS = 5_000;

/** A shop's bell rests after it was rung, since a bell costs as much as the work on several rows: hardly at all at first. */
const REST_FIRST_MS = 20;
/** The longer bells keep coming the longer the rest, up to this. */
const REST_MS_MAX = 320;

/** A bell on its way or at rest. `again`: it was rung meanwhile. `onRung`: its rest is over, and somebody listens. */
type Bell = { isResting: boolean; again: boolean; onRung: (() => void) | null };

/**
 * Makes the ringer. The first bell of a shop goes out at once; those that follow are merged, in the queue while one waits
 * and here while it is on its way and rests; the longer they keep coming the longer it rests. One that comes while the shop
 * is being worked on makes exactly one more run.
 */
export function createRinger(deps: { queues: Pick<Queues, "add">; logger: Logger; restFirstMs?: number }): Ringer {
  const { restFirstMs = REST_FIRST_MS } = deps;
  const bells = new Map<string, Bell>();
  const counts = { rung: 0, merged: 0, lost: 0 };
  let silentUntilMs = 0;

  function lose(kind: BellKind, shopId: string, error: unknown): void {
    counts.lost += 1;
    if (performance.now() < silentUntilMs) return;
    silentUntilMs = performance.now() + LOG_LOST_EVERY_MS;
    deps.logger.warn({ kind, shopId, err: error, count: counts.lost }, "a bell was lost; the sweep will find its rows");
  }

  async function send(kind: BellKind, shopId: string, key: string): Promise<void> {
    const bell: Bell = { isResting: false, again: false, onRung: null };
    bells.set(key, bell);
    let restMs = restFirstMs;
    try {
      do {
        bell.again = false;
        bell.isResting = false;
        await addBell(deps.queues, kind, shopId);
        counts.rung += 1;
        bell.isResting = true;
        await sleep(restMs, undefined, { ref: false });
        if (!bell.again) await rungWithin(bell, restMs);
        restMs = Math.min(restMs * 2, REST_MS_MAX);
      } while (bell.again);
    } catch (error) {
      lose(kind, shopId, error);
    } finally {
      bells.delete(key);
    }
  }

  return {
    ring(kind, shopId) {
      const key = `${kind} ${shopId}`;
      const bell = bells.get(key);
      if (bell !== undefined) {
        bell.again = true;
        bell.onRung?.();
        counts.merged += 1;
      } else if (bells.size >= BELLS_IN_FLIGHT_MAX) {
        lose(kind, shopId, new Error("too many bells on their way"));
      } else {
        void send(kind, shopId, key);
      }
    },
    counts: () => ({ ...counts }),
    inFlight: () => bells.values().reduce((sum, bell) => sum + (bell.isResting && !bell.again ? 0 : 1), 0),
  };
}

/** Waits for the next bell of a shop that may ring at once; one that comes so soon is one of many. */
function rungWithin(bell: Bell, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      bell.onRung = null;
      resolve();
    };
    const timer = setTimeout(end, waitMs).unref();
    bell.onRung = end;
  });
}

const BELLS: Readonly<Record<BellKind, JobName>> = { inbox: "inbox.drain", outbox: "outbox.drain" };

/** Adds one bell to the queue, merged with one of the same shop that waits there. */
async function addBell(queues: Pick<Queues, "add">, kind: BellKind, shopId: string): Promise<void> {
  const job = BELLS[kind];
  await queues.add(queueNameOf(job), { shopId }, { coalesceOn: shopId, attemptsMax: JOB_CATALOG[job].attempts });
}
