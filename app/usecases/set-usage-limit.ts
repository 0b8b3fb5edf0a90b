import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { saveUsageLimitCounts } from "#app/data/shops.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

/**
 * Keeps what the merchant saw a discount's limit of uses count. Where it counts for all codes of a discount together,
 * every reward that is sent from now on gets a discount of its own; what was issued before stays.
 */
export async function setUsageLimit(
  deps: { pools: Pools; clock: Clock },
  input: { shopId: string; counts: "code" | "discount"; actor: string },
): Promise<void> {
  const { shopId, counts, actor } = input;
  await inShop(deps.pools, shopId, async (tx) => {
    if (!(await saveUsageLimitCounts(tx, shopId, counts))) return;
    const entry = { id: newId(), shopId, at: deps.clock.now(), actor, action: "shop.usage_limit", subject: null };
    await appendAudit(tx, { ...entry, detail: { counts } });
  });
}
