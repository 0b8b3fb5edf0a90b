import { appendAudit } from "#app/data/audit.repo.ts";
import { ensureOpenCase } from "#app/data/cases.repo.ts";
import { isKnownUnbooked, moveReward, reverseUses, usesOnOrder } from "#app/data/reward-uses.repo.ts";
import type { SpendableReward } from "#app/data/reward-uses.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { planRewardExpiry } from "./plan-reward-expiry.ts";

/**
 * Takes back what was booked for a code on an order that was cancelled, once, and asks a person: Shopify counts the code as
 * used all the same, so its owner may be due another. The reward holds again what it held and lapses in its time.
 *
 * @param reward Locked by the caller.
 */
export async function reverseRewardUse(
  tx: Tx,
  reward: SpendableReward,
  order: { readonly shopId: string; readonly orderId: string; readonly now: Date },
): Promise<void> {
  const { shopId, orderId, now } = order;
  const entries = (await usesOnOrder(tx, shopId, reward.id, orderId)).filter((entry) => !entry.isReversed);
  if (entries.length === 0) return;
  const { id: rewardId, referralId, personId, isReplaced } = reward;
  const entry = { id: newId(), shopId, at: now, actor: "worker", subject: rewardId };
  // What a replacement took out of the books cannot go back into the old reward.
  if (isReplaced && (await isKnownUnbooked(tx, shopId, rewardId, orderId))) return;
  const reason = isReplaced ? "replaced_reward_cancelled" : "reward_order_cancelled";
  const caseId = await ensureOpenCase(tx, { shopId, kind: "conflict", referralId, personId, reason, now });
  const action = isReplaced ? "reward.use_unbooked" : "reward.use_reversed";
  await appendAudit(tx, { ...entry, action, detail: { orderId, reason, caseId } });
  if (isReplaced) return;
  await reverseUses(tx, { shopId, entries, caseId, now });
  await moveReward(tx, { shopId, rewardId, from: "redeemed", to: "issued" });
  await planRewardExpiry(tx, { shopId, rewardId, expiresAt: reward.expiresAt, again: orderId, now });
}
