import type { Pools } from "#app/data/pools.ts";
import { noteStaff } from "#app/data/review-rules.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";

/** Who was met by this process before; the table refuses nothing twice, so losing the memory costs one write. */
const MET_MAX = 10_000;

/** Remembers who of a shop's staff opened the app, once a process: from them the list of reviewers is made. */
export function createStaffMeeting(deps: { pools: Pools; clock: Clock }, metMax = MET_MAX) {
  const met = new Set<string>();
  return async function meetStaff(input: { shopId: string; subject: string }): Promise<void> {
    const key = `${input.shopId}:${input.subject}`;
    if (met.has(key)) return;
    await inShop(deps.pools, input.shopId, (tx) => noteStaff(tx, { ...input, now: deps.clock.now() }));
    if (met.size >= metMax) met.clear();
    met.add(key);
  };
}
