import type { OutboxTopic } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Logger } from "#app/platform/logger.ts";
import type { Metrics } from "#app/platform/metrics.ts";
import type { JobName } from "./catalog.ts";
import { createChecksRunProcessor } from "./checks-run.processor.ts";
import { createClicksPartitionsProcessor } from "./clicks-partitions.processor.ts";
import type { Processor } from "./define-processor.ts";
import type { DrainSettings } from "./drain.ts";
import { createInboxDrain } from "./inbox-drain.ts";
import type { InboxAtOnce, InboxHandler, InboxTogether } from "./inbox-drain.ts";
import { createInboxDrainProcessor } from "./inbox-drain.processor.ts";
import { createOutboxDrain } from "./outbox-drain.ts";
import type { OutboxHandler, OutboxTogether } from "./outbox-drain.ts";
import { createOutboxDrainProcessor } from "./outbox-drain.processor.ts";
import type { Ringer } from "./ringer.ts";
import { createSweep } from "./sweep.ts";
import type { FoundShop } from "./sweep.ts";
import { createSweepProcessor } from "./sweep.processor.ts";
import { createUpkeepProcessor } from "./upkeep.processor.ts";

export type JobsDeps = {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly ringer: Ringer;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "inboxRows" | "outboxRows" | "oldestDueSeconds">;
  readonly inboxHandlers: Readonly<Record<string, InboxHandler>>;
  readonly inboxAtOnce: InboxAtOnce;
  readonly inboxTogether: InboxTogether;
  readonly outboxHandlers: Readonly<Record<OutboxTopic, OutboxHandler>>;
  readonly outboxTogether: Partial<Readonly<Record<OutboxTopic, OutboxTogether>>>;
  readonly keepClickPartitions: (now: Date) => Promise<void>;
  readonly upkeep: (now: Date) => Promise<void>;
  /** Runs the invariant checks; returns how many of all shops find something. */
  readonly runChecks: () => Promise<number>;
  /** How long a row of a killed process stays out of reach. */
  readonly leaseMs?: number;
  /** Runs after which a row is given up. */
  readonly attemptsMax?: number;
  /** Uniform in [0, 1); spreads the rows that failed. */
  readonly random?: () => number;
};

/** Everything a worker process can do. */
export type Jobs = {
  readonly processors: { readonly [Name in JobName]: Processor<Name> };
  readonly leaseMs: number;
  /** Finds due rows and works on them here and now, without the queue. Returns how many rows were handled. */
  workWithoutQueue(): Promise<number>;
  /** Rows being worked on in this process. */
  inFlight(): number;
  /** Begins no further row. */
  stop(): void;
};

const LEASE_MS = 60_000;
const ATTEMPTS_MAX = 12;
const INBOX_ROWS_MAX = 200;
/** As many codes as one call to Shopify adds. Rows that there is no time for within the lease are given back. */
const OUTBOX_ROWS_MAX = 250;
const PASSES_MAX = 100;
const SHOPS_AT_ONCE_MAX = 4;

/** Puts the jobs together; every processor of the catalogue is here, by type. */
export function createJobs(deps: JobsDeps): Jobs {
  const {
    pools,
    clock,
    ringer,
    logger,
    metrics,
    leaseMs = LEASE_MS,
    attemptsMax = ATTEMPTS_MAX,
    random = Math.random,
  } = deps;
  const settings = (rowsMax: number): DrainSettings => ({ leaseMs, attemptsMax, rowsMax });
  const shared = { pools, clock, logger, metrics, random };
  const inboxDrain = createInboxDrain({
    ...shared,
    settings: settings(INBOX_ROWS_MAX),
    handlers: deps.inboxHandlers,
    atOnce: deps.inboxAtOnce,
    together: deps.inboxTogether,
    ringAgain: (shopId) => ringer.ring("inbox", shopId),
  });
  const outboxDrain = createOutboxDrain({
    ...shared,
    settings: settings(OUTBOX_ROWS_MAX),
    handlers: deps.outboxHandlers,
    together: deps.outboxTogether,
    ringAgain: (shopId) => ringer.ring("outbox", shopId),
  });
  const sweep = createSweep({ pools, clock, metrics, ring: (kind, shopId) => ringer.ring(kind, shopId) });
  const silentSweep = createSweep({ pools, clock, metrics, ring: () => undefined });
  const drains = { inbox: inboxDrain, outbox: outboxDrain };
  let stopped = false;

  /** One bounded batch for each shop, a few shops at once. */
  async function pass(found: readonly FoundShop[]): Promise<number> {
    const queue = [...found];
    let handled = 0;
    const hand = async () => {
      for (let next = queue.shift(); next !== undefined && !stopped; next = queue.shift()) {
        await drains[next.kind].run(next.shopId).then((ran) => (handled += ran.handled));
      }
    };
    await Promise.all(Array.from({ length: SHOPS_AT_ONCE_MAX }, hand));
    return handled;
  }

  return {
    processors: {
      "inbox.drain": createInboxDrainProcessor({ inboxDrain }),
      "outbox.drain": createOutboxDrainProcessor({ outboxDrain }),
      sweep: createSweepProcessor({ sweep }),
      "clicks.partitions": createClicksPartitionsProcessor({ clock, keepClickPartitions: deps.keepClickPartitions }),
      upkeep: createUpkeepProcessor({ clock, upkeep: deps.upkeep }),
      "checks.run": createChecksRunProcessor({ runChecks: deps.runChecks }),
    },
    leaseMs,
    async workWithoutQueue() {
      let handled = 0;
      for (let passes = 0; passes < PASSES_MAX && !stopped; passes += 1) {
        const found = await silentSweep.run();
        if (found.length === 0) break;
        handled += await pass(found);
      }
      return handled;
    },
    inFlight: () => inboxDrain.inFlight() + outboxDrain.inFlight(),
    stop() {
      stopped = true;
      inboxDrain.stop();
      outboxDrain.stop();
    },
  };
}
