import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { breakOff, lockSpendable, moveReward } from "#app/data/reward-uses.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import { rewardIdOf } from "./fulfil-reward.ts";
import { rewardExpiryDueAt } from "./plan-reward-expiry.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";

/**
 * Ends a code that was not used in its time (outbox topic `reward.expire`): what the reward still holds becomes breakage.
 * A reward that was used, withdrawn or set off meanwhile is left as it is.
 */
export async function expireReward(deps: { pools: Pools; clock: Clock }, row: OutboxWork): Promise<WorkVerdict> {
  const rewardId = rewardIdOf(row, "expire-reward:");
  if (rewardId === null) return { outcome: "dead", reason: "no_reward_named" };
  const { shopId } = row;
  const now = deps.clock.now();
  return inShop(deps.pools, shopId, async (tx): Promise<WorkVerdict> => {
    const reward = await lockSpendable(tx, shopId, rewardId);
    if (reward?.status !== "issued" || reward.expiresAt === null) return { outcome: "done" };
    // Store credit and gift cards hold nothing here once they are issued: they end in Shopify, by their own rules.
    if (reward.kind !== "welcome" && reward.remaining === 0n) return { outcome: "done" };
    const dueAt = rewardExpiryDueAt(reward.expiresAt);
    if (dueAt > now) return { outcome: "again", at: dueAt, reason: "code_still_valid" };
    await breakOff(tx, { shopId, rewardId, now });
    await moveReward(tx, { shopId, rewardId, from: "issued", to: "expired" });
    const entry = { id: newId(), shopId, at: now, actor: "worker", action: "reward.expired", subject: rewardId };
    await appendAudit(tx, { ...entry, detail: { unit: reward.unit, brokenOff: String(reward.remaining) } });
    return { outcome: "done" };
  });
}
