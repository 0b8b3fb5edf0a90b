import { appendAudit } from "#app/data/audit.repo.ts";
import { openCase } from "#app/data/cases.repo.ts";
import { lockReferral, referralOfOrder } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { DONE } from "./inbox-event.ts";
import type { EventDeps, EventVerdict } from "./inbox-event.ts";

const REVERSED = "referral.order_reversed";

type Reversal = {
  readonly shopId: string;
  readonly orderId: string;
  /** Why the case is opened. */
  readonly reason: "order_refunded" | "order_cancelled" | "order_deleted";
  /** Which refund it was; an order is cancelled or deleted once. */
  readonly refundId?: string;
};

/**
 * Money went back, or an order went away. Before the payout nothing needs doing: the order is read again then. After it
 * nothing is taken back silently: a person is asked, once for each thing that happened, however often it is told.
 */
export async function recordReversal(
  deps: Pick<EventDeps, "pools" | "clock">,
  reversal: Reversal,
): Promise<EventVerdict> {
  const { shopId, orderId, reason } = reversal;
  const fact = reversal.refundId === undefined ? reason : `${reason}:${reversal.refundId}`;
  await inShop(deps.pools, shopId, async (tx) => {
    const now = deps.clock.now();
    const found = await referralOfOrder(tx, shopId, orderId);
    const referral = found === null ? null : await lockReferral(tx, shopId, found.id);
    if (referral?.state !== "REWARDED" || (await wasReversed(tx, shopId, referral.id, fact))) return;
    const entry = { shopId, at: now, actor: "worker", subject: referral.id };
    await appendAudit(tx, { ...entry, id: newId(), action: REVERSED, detail: { orderId, reason, fact } });
    const about = { referralId: referral.id, personId: referral.referrerPerson, reason, now };
    const opened = await openCase(tx, { shopId, kind: "refund_after_reward", ...about });
    const detail = { kind: "refund_after_reward", orderId, reason };
    if (opened) await appendAudit(tx, { ...entry, id: newId(), action: "case.opened", detail });
  });
  return DONE;
}

/** The record keeps what was told: every later update of a cancelled order says again that it is. */
async function wasReversed(tx: Tx, shopId: string, referralId: string, fact: string): Promise<boolean> {
  const rows = await tx.query(
    "SELECT 1 AS one FROM audit WHERE shop_id = $1 AND subject = $2 AND action = $3 AND detail ->> 'fact' = $4 LIMIT 1",
    [shopId, referralId, REVERSED, fact],
  );
  return rows.length > 0;
}
