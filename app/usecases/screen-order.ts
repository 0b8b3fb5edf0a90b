import { keepSnapshot, lockReferral } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { snapshotOfOrder } from "#app/domain/referral/order-snapshot.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import { payableOrderOf, readEvidence, riskOf } from "./read-evidence.ts";
import { keepLearned, loadOpenWork, shopifySaysBoughtBefore } from "./referral-work.ts";
import type { OpenWork, ReferralWorkDeps } from "./referral-work.ts";
import type { ShopifyEvidence } from "./read-evidence.ts";
import { screenReferral } from "./screen-referral.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";

/** Shopify weighs an order's risk for some minutes; after this long it is screened without. */
const RISK_AWAITED_MS = 30 * 60_000;

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
  if (read.outcome !== "ok") return againAfterTrouble(now, row.attempts, read);
  const orderAt = referral.orderAt?.getTime() ?? now.getTime();
  if (riskOf(read.evidence.order) === "pending" && now.getTime() - orderAt < RISK_AWAITED_MS)
    return againLater(now, row.attempts, "risk_pending");
  await decide(deps, work, read.evidence);
  return { outcome: "done" };
}

async function decide(deps: ReferralWorkDeps, work: OpenWork, evidence: ShopifyEvidence): Promise<void> {
  const { shop, referral, terms } = work;
  const { shopId } = shop;
  const now = deps.clock.now();
  const screenIn = async (tx: Tx): Promise<void> => {
    await keepLearned(tx, deps.keys, work, evidence);
    const current = await lockReferral(tx, shopId, referral.id);
    if (current === null || settlementOf(current.state) !== "OPEN") return;
    const { orderSnapshot, qualifyingOrder } = current;
    const payable = evidence.order === null ? null : payableOrderOf(evidence.order, current.friendPerson, terms);
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
        riskRecommendation: riskOf(evidence.order),
        boughtBefore: shopifySaysBoughtBefore(work, evidence),
        evidenceMissing: false,
      },
      now,
    });
  };
  await retryRaces(() => inShop(deps.pools, shopId, screenIn));
}
