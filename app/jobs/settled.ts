import { countComing, countDue } from "#app/data/due.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Queues } from "#app/platform/queue.ts";
import { queueNameOf } from "./catalog.ts";
import type { Jobs } from "./jobs.ts";
import type { Ringer } from "./ringer.ts";

export type SettledCounts = {
  /** Nothing is due, nothing is under way, no bell is waiting. */
  readonly settled: boolean;
  /** Rows due now, over all shops. */
  readonly due: { readonly inbox: number; readonly outbox: number };
  /** Rows that a process has leased, alive or killed, or that come back by themselves before a lease would end. */
  readonly inFlight: number;
  /** Bells on their way, waiting, or being answered by any process. */
  readonly bells: number;
  /** When the first of the leased and waiting rows comes back. */
  readonly nextAt: Date | null;
};

const DRAIN_QUEUES = [queueNameOf("inbox.drain"), queueNameOf("outbox.drain")];

/**
 * Counts what is left to do at this moment of the app's clock, for `/_simulated/settled`. Everything is read twice:
 * work that ends between two readings may have made new work, which only the second one sees.
 *
 * @param deps.jobs Absent where leases are not known; bells being answered elsewhere are counted by the queue.
 */
export async function settledCounts(deps: {
  pools: Pick<Pools, "sweep">;
  clock: Clock;
  queues: Queues;
  ringer: Ringer;
  jobs?: Pick<Jobs, "inFlight" | "leaseMs">;
}): Promise<SettledCounts> {
  const first = await readOnce(deps);
  if (!first.settled) return first;
  return readOnce(deps);
}

async function readOnce(deps: Parameters<typeof settledCounts>[0]): Promise<SettledCounts> {
  const bells = deps.ringer.inFlight() + (await bellsInQueue(deps.queues));
  const now = deps.clock.now();
  const due = await countDue(deps.pools, now);
  // The queue forgets who is at work when it is wiped, and a killed process cannot say what it left: the rows know.
  const leasedUntil = new Date(now.getTime() + (deps.jobs?.leaseMs ?? 0));
  const { coming, firstAt: nextAt } = await countComing(deps.pools, { after: now, until: leasedUntil });
  const inFlight = Math.max(deps.jobs?.inFlight() ?? 0, coming);
  return { settled: bells + due.inbox + due.outbox + inFlight === 0, due, inFlight, bells, nextAt };
}

/** A queue that is away holds no bell that could be answered; its rows are counted as due. */
async function bellsInQueue(queues: Queues): Promise<number> {
  try {
    const { waiting, active } = await queues.counts(DRAIN_QUEUES);
    return waiting + active;
  } catch {
    return 0;
  }
}
