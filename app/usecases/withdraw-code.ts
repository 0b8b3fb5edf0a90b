import { appendAudit } from "#app/data/audit.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { readReward } from "#app/data/rewards.repo.ts";
import type { ShopDirectory } from "#app/data/shop-directory.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";
import { rewardIdOf } from "./fulfil-reward.ts";
import type { OutboxWork, ShopifyAdmin, WorkVerdict } from "./ports.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

type WithdrawDeps = { pools: Pools; clock: Clock; admin: ShopifyAdmin; shops: ShopDirectory };

/** Shopify deletes codes a moment after its answer. */
const LOOK_AGAIN_MS = 2_000;

/**
 * Deletes the code of a withdrawn reward from the shop (outbox topic `code.withdraw`). Looks before and after: it is done
 * when Shopify does not know the code any more, whoever deleted it, and however often this ran.
 */
export async function withdrawCode(deps: WithdrawDeps, row: OutboxWork): Promise<WorkVerdict> {
  const { shopId } = row;
  const rewardId = rewardIdOf(row, "withdraw:");
  const shop = await deps.shops.byId(shopId);
  if (rewardId === null || shop === null) return { outcome: "dead", reason: "no_reward_named" };
  const reward = await inShop(deps.pools, shopId, (tx) => readReward(tx, shopId, rewardId));
  if (reward?.code == null || reward.status !== "cancelled") return { outcome: "done" };
  const admin = deps.admin.forShop(shopId, shop.domain);
  const found = await admin.findCode(reward.code);
  if (found.outcome === "not_found") return gone(deps, shopId, rewardId);
  if (found.outcome === "refused") return { outcome: "dead", reason: found.code };
  if (found.outcome !== "found") return againAfterTrouble(deps.clock.now(), row.attempts, found);
  const sent = await admin.withdrawCodes(found.discountId, [reward.code]);
  if (sent.outcome === "refused") return { outcome: "dead", reason: sent.code };
  if (sent.outcome === "ok" || sent.outcome === "unknown")
    return againLater(deps.clock.now(), Math.min(row.attempts, 4), "code_being_deleted", LOOK_AGAIN_MS);
  return againAfterTrouble(deps.clock.now(), row.attempts, sent);
}

async function gone(deps: WithdrawDeps, shopId: string, rewardId: string): Promise<WorkVerdict> {
  const entry = { id: newId(), shopId, at: deps.clock.now(), actor: "worker", action: "code.withdrawn" };
  await inShop(deps.pools, shopId, (tx) => appendAudit(tx, { ...entry, subject: rewardId }));
  return { outcome: "done" };
}
