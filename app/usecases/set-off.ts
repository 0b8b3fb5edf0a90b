import { bookCaseEntry, markOffset, receivablesFor, referralsWithReceivables } from "#app/data/after-reward.repo.ts";
import { appendAudit } from "#app/data/audit.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";

/**
 * Sets rewards that payouts just made off against what their people owe, in whole rewards only: such a reward was posted
 * and is spent at once, no code is made for it, and the receivable is smaller by as much. In the payout's transaction.
 */
export async function setOff(
  tx: Tx,
  args: { shopId: string; referralIds: readonly string[]; now: Date },
): Promise<void> {
  const { shopId, now } = args;
  for (const referralId of await referralsWithReceivables(tx, shopId, args.referralIds)) {
    // One after the other: what one referral's reward settled, the next one's has not to.
    for (const { caseId, rewardId, amount } of await receivablesFor(tx, shopId, referralId)) {
      await bookCaseEntry(tx, { shopId, purpose: "offset", rewardId, caseId, amount, now });
      await markOffset(tx, shopId, rewardId);
      const entry = { id: newId(), shopId, at: now, actor: "worker", action: "reward.offset", subject: rewardId };
      await appendAudit(tx, { ...entry, detail: { caseId, amount: String(amount) } });
    }
  }
}
