import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { wakeStandingWork } from "#app/data/standing-work.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

/** Stops or resumes a shop's payouts. Work that is due waits; the payout statement itself looks at the switch. */
export async function pausePayouts(
  deps: { pools: Pools; clock: Clock; shops: ShopDirectory; ringOutbox: (shopId: string) => void },
  input: { shopId: string; reason: string | null; actor: string },
): Promise<void> {
  const { shopId, reason, actor } = input;
  await inShop(deps.pools, shopId, async (tx) => {
    const changed = await tx.execute(
      "UPDATE shops SET payouts_paused = $2 WHERE id = $1 AND payouts_paused IS DISTINCT FROM $2",
      [shopId, reason],
    );
    if (changed === 0) return;
    // What happened meanwhile is known before anybody is paid again.
    if (reason === null)
      await wakeStandingWork(tx, {
        id: newId(),
        shopId,
        topic: "orders.read",
        payload: { deep: true },
        now: deps.clock.now(),
      });
    const action = reason === null ? "payouts.resumed" : "payouts.paused";
    await appendAudit(tx, {
      id: newId(),
      shopId,
      at: deps.clock.now(),
      actor,
      action,
      subject: null,
      detail: { reason },
    });
  });
  deps.shops.forget(shopId);
  deps.ringOutbox(shopId);
}
