import { lockReferral } from "#app/data/referrals.repo.ts";
import { keepSnapshots } from "#app/data/order-snapshots.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import type { OrderSnapshot } from "#app/data/order-snapshots.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { snapshotOfOrder } from "#app/domain/referral/order-snapshot.ts";
import { settlementOf } from "#app/domain/referral/state.ts";
import { invariant } from "#app/platform/errors.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import type { ShopifyEvidence } from "./evidence-port.ts";
import { payableOrderOf, readEvidence, riskOf } from "./read-evidence.ts";
import { askedOf, keepLearned, loadOpenWork, orderEvidenceOf, seenOf } from "./referral-work.ts";
import type { OpenWork, ReferralWorkDeps } from "./referral-work.ts";
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
  const { shop } = work;
  const now = deps.clock.now();
  const read = await readEvidence(deps.admin.forShop(shop.shopId, shop.domain), askedOf(work));
  if (read.outcome === "refused") return { outcome: "dead", reason: `refused_${read.code}` };
  if (read.outcome !== "ok" && now.getTime() - askedAtOf(row, now) < EVIDENCE_AWAITED_MS)
    return againAfterTrouble(now, row.attempts, read);
  if (read.outcome !== "ok") {
    await decide(deps, work, null);
    return { outcome: "done" };
  }
  if (isRiskAwaited(work, read.evidence, now)) return againLater(now, row.attempts, "risk_pending");
  await decide(deps, work, read.evidence);
  return { outcome: "done" };
}

/** Whether Shopify is still weighing the risk of an order that is young enough to wait for it. */
export function isRiskAwaited({ referral }: OpenWork, evidence: ShopifyEvidence, now: Date): boolean {
  const { orderAt } = referral;
  invariant(orderAt !== null, "an order is recorded with its instant");
  return riskOf(evidence.order) === "pending" && now.getTime() - orderAt.getTime() < RISK_AWAITED_MS;
}

/** When the evidence was asked for first; rows from before it was noted begin to wait now. */
function askedAtOf(row: OutboxWork, now: Date): number {
  const askedAt = row.payload["askedAt"];
  return typeof askedAt === "number" ? askedAt : now.getTime();
}

/** @param evidence null when Shopify could not be asked for a day: a person looks */
async function decide(deps: ReferralWorkDeps, work: OpenWork, evidence: ShopifyEvidence | null): Promise<void> {
  const { shop, terms } = work;
  const { shopId } = shop;
  const now = deps.clock.now();
  const screenIn = async (tx: Tx): Promise<void> => {
    if (evidence !== null) await keepLearned(tx, deps.keys, shop, [{ work, evidence }]);
    const referral = await lockReferral(tx, shopId, work.referral.id);
    if (referral === null || settlementOf(referral.state) !== "OPEN") return;
    const snapshot = evidence === null ? null : snapshotOf(work, referral, evidence);
    if (snapshot !== null) await keepSnapshots(tx, shopId, [snapshot]);
    const order = { ...orderEvidenceOf(work, referral, evidence), evidenceMissing: evidence === null };
    const seen = seenOf(work, evidence);
    await screenReferral(tx, { shopId, referral, terms, phase: "open", order, seen, now });
  };
  await retryRaces(() => inShop(deps.pools, shopId, screenIn));
}

/** What to keep of the order for the day when Shopify no longer shows it; null when it cannot be read in these terms. */
export function snapshotOf(work: OpenWork, referral: ReferralRow, evidence: ShopifyEvidence): OrderSnapshot | null {
  const { orderSnapshot, qualifyingOrder, friendPerson } = referral;
  const { order } = evidence;
  const isReadable = order !== null && order.currency === work.terms.currency;
  const payable = isReadable ? payableOrderOf(order, friendPerson, work.terms) : null;
  if (qualifyingOrder === null || payable === null) return null;
  const snapshot = { ...orderSnapshot, payable: snapshotOfOrder(payable) };
  return { referralId: referral.id, orderId: qualifyingOrder, snapshot };
}
