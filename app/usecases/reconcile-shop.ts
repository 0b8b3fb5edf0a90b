import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { wakeStandingWork } from "#app/data/standing-work.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

/**
 * Compares a shop with Shopify now, because somebody asks for it: orders are read again as far back as an open referral
 * reaches, and every discount is compared with the books. What is being compared at this moment goes on, and is not begun anew.
 */
export async function reconcileShop(
  deps: { pools: Pools; clock: Clock; ringOutbox: (shopId: string) => void },
  input: { shopId: string; actor: string },
): Promise<{ readonly outcome: "started" | "under_way" }> {
  const { shopId, actor } = input;
  const now = deps.clock.now();
  const isStarted = await inShop(deps.pools, shopId, async (tx) => {
    const woken = await wakeStandingWork(tx, {
      id: newId(),
      shopId,
      topic: "orders.read",
      payload: { deep: true },
      now,
    });
    await wakeStandingWork(tx, { id: newId(), shopId, topic: "discounts.compare", now });
    const entry = { id: newId(), shopId, at: now, actor, action: "reconcile.asked", subject: null };
    if (woken) await appendAudit(tx, entry);
    return woken;
  });
  deps.ringOutbox(shopId);
  return { outcome: isStarted ? "started" : "under_way" };
}
