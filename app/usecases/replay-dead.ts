import { replayDead as replayRows } from "#app/data/dead-letters.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

/**
 * Makes a shop's given-up rows due again, all that can be. Safe at any time: every step of the work behind them happens once.
 * @returns how many rows are due again
 */
export async function replayDead(
  deps: { pools: Pools; clock: Clock; ringInbox: (shopId: string) => void; ringOutbox: (shopId: string) => void },
  input: { shopId: string; actor: string },
): Promise<number> {
  const { shopId, actor } = input;
  const now = deps.clock.now();
  const replayed = await inShop(deps.pools, shopId, (tx) =>
    replayRows(tx, { shopId, ids: null, now, actor, auditId: newId() }),
  );
  deps.ringInbox(shopId);
  deps.ringOutbox(shopId);
  return replayed;
}
