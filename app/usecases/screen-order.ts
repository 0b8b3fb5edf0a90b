import { keepSnapshot, lockReferral } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { snapshotOfOrder } from "#app/domain/referral/order-snapshot.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { payableOrderOf, readEvidence, riskOf } from "./read-evidence.ts";
import { keepLearned, loadOpenWork, seenOf, shopifySaysBoughtBefore } from "./referral-work.ts";
import type { OpenWork, ReferralWorkDeps } from "./referral-work.ts";
import type { ShopifyEvidence } from "./read-evidence.ts";
import { screenReferral } from "./screen-referral.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

/** Shopify weighs an order's risk for some minutes; after this long it is screened without. */
const RISK_AWAITED_MS = 30 * 60_000;
/** As long as Shopify may be away before a person is asked to look at the order instead. */
const EVIDENCE_AWAITED_MS = 24 * 3_600_000;

/**
 * Screens a referral when its order is known (outbox topic `referral.screen`): reads what a webhook does not carry, so
 * that a hold or a block shows on the day of the order and not after the cooling-off.
 */
export async function screenOrder(deps: ReferralWorkDeps, row: OutboxWork): Promise<WorkVerdict> {
  const work = await loadOpenWork(deps, row);
  if (work === null) return { outcome: "done" };
  const { shop, referral } = work;
  const now = deps.clock.now();
  const read = await readEvidence(deps.admin.forShop(shop.shopId, shop.domain), {
    orderId: referral.qualifyingOrder,
    friendCustomerId: work.friendCustomerId,
    referrerCustomerId: work.referrerCustomerId,
  });
  if (read.outcome === "refused") return { outcome: "dead", reason: `refused_${read.code}` };
  if (read.outcome !== "ok" && now.getTime() - askedAtOf(row, now) < EVIDENCE_AWAITED_MS)
    return againAfterTrouble(now, row.attempts, read);
  if (read.outcome !== "ok") {
    await decide(deps, work, null);
    return { outcome: "done" };
  }
  const orderAt = referral.orderAt?.getTime() ?? now.getTime();
  if (riskOf(read.evidence.order) === "pending" && now.getTime() - orderAt < RISK_AWAITED_MS)
    return againLater(now, row.attempts, "risk_pending");
  await decide(deps, work, read.evidence);
  return { outcome: "done" };
}

/** When the evidence was asked for first; rows from before it was noted begin to wait now. */
function askedAtOf(row: OutboxWork, now: Date): number {
  const askedAt = row.payload["askedAt"];
  return typeof askedAt === "number" ? askedAt : now.getTime();
}

/** @param evidence null when Shopify could not be asked for a day: a person looks */
async function decide(deps: ReferralWorkDeps, work: OpenWork, evidence: ShopifyEvidence | null): Promise<void> {
  const { shop, referral, terms } = work;
  const { shopId } = shop;
  const now = deps.clock.now();
  const screenIn = async (tx: Tx): Promise<void> => {
    if (evidence !== null) await keepLearned(tx, deps.keys, work, evidence);
    const current = await lockReferral(tx, shopId, referral.id);
    if (current === null || settlementOf(current.state) !== "OPEN") return;
    const { orderSnapshot, qualifyingOrder } = current;
    const order = evidence?.order ?? null;
    const isReadable = order !== null && order.currency === terms.currency;
    const payable = isReadable ? payableOrderOf(order, current.friendPerson, terms) : null;
    if (qualifyingOrder !== null && payable !== null) {
      const snapshot = { ...orderSnapshot, payable: snapshotOfOrder(payable) };
      await keepSnapshot(tx, { shopId, referralId: referral.id, orderId: qualifyingOrder, snapshot });
    }
    await screenReferral(tx, {
      shopId,
      referral: current,
      terms,
      phase: "open",
      order: {
        agentIsBot: orderSnapshot?.["agentIsBot"] === true,
        riskRecommendation: riskOf(order),
        boughtBefore: evidence === null ? null : shopifySaysBoughtBefore(work, evidence),
        evidenceMissing: evidence === null,
      },
      seen: seenOf(work, evidence),
      now,
    });
  };
  await retryRaces(() => inShop(deps.pools, shopId, screenIn));
}
