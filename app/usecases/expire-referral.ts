import { lockReferral, voidReferral } from "#app/data/referrals.repo.ts";
import { orderReading } from "#app/data/order-reading.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { expiryDueAt } from "#app/domain/referral/conversion.ts";
import { UNPAID_ORDER_MS } from "#app/domain/referral/durations.ts";
import { isReadPast } from "#app/domain/reconcile/order-reading.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { invariant } from "#app/platform/errors.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { referralIdOf } from "./referral-work.ts";
import type { ReferralWorkDeps } from "./referral-work.ts";
import { againLater } from "./verdicts.ts";

const DAY_MS = 86_400_000;

/**
 * Lets a referral lapse that never had an order (outbox topic `referral.expire`), 26 hours after its window, since events
 * may arrive that late. One whose order is still unpaid waits for the payment, thirty days at most.
 */
export async function expireReferral(
  deps: Pick<ReferralWorkDeps, "pools" | "clock">,
  row: OutboxWork,
): Promise<WorkVerdict> {
  const { shopId } = row;
  const referralId = referralIdOf(row);
  if (referralId === null) return { outcome: "dead", reason: "no_referral_named" };
  const now = deps.clock.now();
  return inShop(deps.pools, shopId, async (tx): Promise<WorkVerdict> => {
    const referral = await lockReferral(tx, shopId, referralId);
    if (referral === null || settlementOf(referral.state) !== "OPEN") return { outcome: "done" };
    const dueAt = new Date(expiryDueAt(referral.expiresAt.getTime()));
    if (dueAt > now) return { outcome: "again", at: dueAt, reason: "window_open" };
    const end = { shopId, referralId, now, actor: "worker" };
    if (referral.qualifyingOrder === null) {
      // An order of the window may not have been told of: as long as it was not looked for, nothing lapses.
      const { readTo, hasUnheard } = await orderReading(tx, shopId);
      if (hasUnheard || !isReadPast(readTo, referral.expiresAt, now))
        return againLater(now, row.attempts, "orders_not_read");
      await voidReferral(tx, { ...end, to: "EXPIRED", reason: "link_expired" });
      return { outcome: "done" };
    }
    // A paid order has settling work of its own; an order that nobody pays for ends the referral.
    invariant(referral.orderAt !== null, "an order is recorded with its time");
    const unpaidUntil = new Date(referral.orderAt.getTime() + UNPAID_ORDER_MS);
    if (referral.paidAt === null && unpaidUntil <= now) {
      await voidReferral(tx, { ...end, to: "VOIDED", reason: "order_not_paid" });
      return { outcome: "done" };
    }
    const at = referral.paidAt === null ? unpaidUntil : new Date(now.getTime() + DAY_MS);
    return { outcome: "again", at, reason: "order_recorded" };
  });
}
