import type { FastifyInstance } from "fastify";
import type { Deps } from "#app/deps.server.ts";
import { settledCounts } from "#app/jobs/settled.ts";

/**
 * What a pretend Shopify may ask, and nobody else: registered only beside one. `GET /_simulated/settled` reads the
 * simulated clock first, rings for what that made due, and tells what is left to do.
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
    return { settled: counts.settled, waitingFor };
  });
}
