import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { NewWork } from "#app/data/outbox.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { LATE_EVENTS_MS } from "#app/domain/referral/durations.ts";
import { newId } from "#app/platform/ids.ts";

/** When a code's unused worth is broken off: a use of its last minute may be told of 26 hours late. */
export function rewardExpiryDueAt(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() + LATE_EVENTS_MS);
}

/**
 * Writes down the work that ends a reward's code, in the transaction that issues it; nothing for a code without an end.
 *
 * @param plan.again What makes this a second plan: the order whose cancellation gave the reward its worth back.
 */
export async function planRewardExpiry(
  tx: Tx,
  plan: { shopId: string; rewardId: string; expiresAt: Date | null; again?: string; now: Date },
): Promise<void> {
  const { shopId, now } = plan;
  for (const work of rewardExpiryWork(plan)) await enqueueOutbox(tx, { ...work, shopId, now });
}

/** The work that ends a reward's code; none for a code without an end. */
export function rewardExpiryWork(plan: { rewardId: string; expiresAt: Date | null; again?: string }): NewWork[] {
  const { rewardId, expiresAt, again } = plan;
  if (expiresAt === null) return [];
  const dedupeKey = again === undefined ? `expire-reward:${rewardId}` : `expire-reward:${rewardId}:${again}`;
  const nextAt = rewardExpiryDueAt(expiresAt);
  return [{ id: newId(), topic: "reward.expire", dedupeKey, payload: { rewardId }, nextAt }];
}
