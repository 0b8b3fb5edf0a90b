import type { FastifyInstance } from "fastify";
import type { Deps } from "#app/deps.server.ts";
import { settledCounts } from "#app/jobs/settled.ts";

/**
 * What a pretend Shopify may ask, and nobody else: registered only beside one. `GET /_simulated/settled` reads the
 * simulated clock first and tells what is left to do; `nextAt` is when the first row comes back where all that is left
 * waits for its time.
 */
export function registerSimulated(
  app: FastifyInstance,
  deps: Pick<Deps, "refreshClock" | "pools" | "clock" | "queues" | "ringer" | "jobs">,
): void {
  app.get("/_simulated/settled", async () => {
    await deps.refreshClock();
    const counts = await settledCounts(deps);
    const waitingFor = {
      inbox: counts.due.inbox,
      outbox: counts.due.outbox,
      inFlight: counts.inFlight,
      bells: counts.bells,
    };
    const onlyWaits = counts.bells + counts.due.inbox + counts.due.outbox === 0;
    return { settled: counts.settled, waitingFor, nextAt: onlyWaits ? counts.nextAt : null };
  });
}
