import { appendAudit } from "#app/data/audit.repo.ts";
import { openCase } from "#app/data/cases.repo.ts";
import { referralOfOrder } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";

/**
 * Money went back, or an order went away. Before the payout nothing needs doing: the order is read again then. After it
 * nothing is taken back silently: a person is asked.
 *
 * @param event.reason `refunded`, `cancelled` or `deleted`: why the case is opened
 */
export async function recordReversal(
  deps: Pick<EventDeps, "pools" | "clock">,
  event: { shopId: string; orderId: string; reason: "order_refunded" | "order_cancelled" | "order_deleted" },
): Promise<EventVerdict> {
  const { shopId, orderId, reason } = event;
  await inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    const referral = await referralOfOrder(tx, shopId, orderId);
    if (referral?.state !== "REWARDED") return;
    const opened = await openCase(tx, {
      shopId,
      kind: "refund_after_reward",
      referralId: referral.id,
      personId: referral.referrerPerson,
      reason,
      now,
    });
    if (!opened) return;
    const entry = { id: newId(), shopId, at: now, actor: "worker", action: "case.opened", subject: referral.id };
    await appendAudit(tx, { ...entry, detail: { kind: "refund_after_reward", orderId, reason } });
  });
  return DONE;
}
