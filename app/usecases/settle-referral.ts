import { wasApproved } from "#app/data/cases.repo.ts";
import { lockReferral, voidReferral } from "#app/data/referrals.repo.ts";
import { keepSnapshots } from "#app/data/order-snapshots.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { retryRaces } from "#app/data/retry.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import { assertNever, invariant } from "#app/platform/errors.ts";
import { dropOrder } from "./convert-referral.ts";
import { payReferrals } from "./pay-referrals.ts";
import type { OutboxWork, WorkVerdict } from "./ports.ts";
import type { ShopifyEvidence } from "./evidence-port.ts";
import { readEvidence } from "./read-evidence.ts";
import { askedOf, keepLearned, loadOpenWork, orderEvidenceOf, seenOf } from "./referral-work.ts";
import type { OpenWork, ReferralWorkDeps } from "./referral-work.ts";
import { holdForReview, screenReferral } from "./screen-referral.ts";
import { againAfterTrouble, againLater } from "./verdicts.ts";
import { isForeign, standingOf, UNREADABLE_SINCE, unreadableSince, weighPayouts } from "./weigh-payout.ts";

/** While payouts stand still, a due referral looks again this often. */
const PAUSED_AGAIN_MS = 5 * 60_000;
/** Why a referral is held whose order is in another currency than its terms. */
const FOREIGN_ORDER = "currency_changed";
/** Drops that end the referral for good instead of waiting for another order. */
const FINAL_REASONS: ReadonlySet<string> = new Set(["other_customer"]);

export type SettleDeps = ReferralWorkDeps & {
  readonly payoutsPaused: boolean;
  /** Whether merchants' workflows may start with a rewarded referral. */
  readonly flowTrigger: boolean;
};

/**
 * Settles a referral whose cooling-off has passed (outbox topic `referral.settle`): reads the order anew, screens once
 * more, and pays by one guarded statement. With `settleReferrals`, which does it for many, the only use case that may move a
 * reward. Twenty at once pay once.
 *
 * @param deps.payoutsPaused the switch for all shops; a shop's own is in the statement
 */
export async function settleReferral(deps: SettleDeps, row: OutboxWork): Promise<WorkVerdict> {
  const work = await loadOpenWork(deps, row);
  if (work === null) return { outcome: "done" };
  const { shop } = work;
  const now = deps.clock.now();
  const due = whetherDue(deps, work, now);
  if (due === "over") return { outcome: "done" };
  if (due === "paused") return againLater(now, row.attempts, "payouts_paused", PAUSED_AGAIN_MS);
  if (due !== "due") return { outcome: "again", at: due.eligibleAt, reason: "cooling_off" };
  const read = await readEvidence(deps.admin.forShop(shop.shopId, shop.domain), askedOf(work));
  const evidence = read.outcome === "ok" ? read.evidence : null;
  const verdict = await retryRaces(() => inShop(deps.pools, shop.shopId, (tx) => settle(tx, deps, work, evidence)));
  deps.ringOutbox(shop.shopId);
  if (verdict === "settled") return { outcome: "done" };
  return read.outcome === "ok" || read.outcome === "refused"
    ? againLater(now, row.attempts, "not_payable_yet")
    : againAfterTrouble(now, row.attempts, read);
}

/** Whether a referral is to be settled now; "paused" while payouts stand still, for its shop or for all. */
export function whetherDue(
  deps: Pick<SettleDeps, "payoutsPaused">,
  { shop, referral }: OpenWork,
  now: Date,
): "due" | "over" | "paused" | { readonly eligibleAt: Date } {
  const { state, eligibleAt } = referral;
  if (state !== "PENDING" || eligibleAt === null) return "over";
  if (eligibleAt > now) return { eligibleAt };
  return deps.payoutsPaused || shop.payoutsPaused !== null ? "paused" : "due";
}

async function settle(
  tx: Tx,
  deps: SettleDeps,
  work: OpenWork,
  evidence: ShopifyEvidence | null,
): Promise<"settled" | "later"> {
  const { shop } = work;
  const { shopId } = shop;
  const now = deps.clock.now();
  if (evidence !== null) await keepLearned(tx, deps.keys, shop, [{ work, evidence }]);
  const referral = await lockReferral(tx, shopId, work.referral.id);
  const standing = standingOf(work, referral);
  if (referral === null || standing === "over") return "settled";
  if (standing === "out_of_date") return "later";
  const [answer] = await weighPayouts(tx, shop, [{ work, evidence, referral }], now);
  invariant(answer !== undefined, "each referral asked about is weighed");
  switch (answer.outcome) {
    case "payable":
      if (isForeign(work, evidence) && !(await wasApproved(tx, shopId, referral.id, FOREIGN_ORDER))) {
        await holdForReview(tx, { shopId, referralId: referral.id, reason: FOREIGN_ORDER, now });
        return "settled";
      }
      return screenAndPay(tx, deps, work, { referral, evidence, decidedOn: answer.decidedOn, now });
    case "not_yet":
      return "later";
    case "unknown":
      await noteUnreadable(tx, work, referral, answer.isExhausted ? null : now);
      if (!answer.isExhausted) return "later";
      await holdForReview(tx, { shopId, referralId: referral.id, reason: "evidence_missing", now });
      return "settled";
    case "reject":
      await endUnpayable(tx, work, referral, answer.reason, now);
      return "settled";
    default:
      return assertNever(answer);
  }
}

/** Keeps since when the order cannot be read, or forgets it (null) when a person takes over, who may have it asked for again. */
async function noteUnreadable(tx: Tx, work: OpenWork, referral: ReferralRow, now: Date | null): Promise<void> {
  const since = now === null ? null : (unreadableSince(referral) ?? now.getTime());
  const snapshot = { ...referral.orderSnapshot, [UNREADABLE_SINCE]: since };
  const orderId = work.referral.qualifyingOrder;
  await keepSnapshots(tx, work.shop.shopId, [{ referralId: referral.id, orderId, snapshot }]);
}

/** Screens once more and pays. "later": the payouts were paused a moment ago, which only the statement itself has seen. */
async function screenAndPay(
  tx: Tx,
  deps: SettleDeps,
  work: OpenWork,
  payable: {
    referral: ReferralRow;
    evidence: ShopifyEvidence | null;
    decidedOn: "order" | "snapshot";
    now: Date;
  },
): Promise<"settled" | "later"> {
  const { shopId } = work.shop;
  const { terms } = work;
  const { referral, evidence, decidedOn, now } = payable;
  const order = orderEvidenceOf(work, referral, evidence);
  const seen = seenOf(work, evidence);
  const verdict = await screenReferral(tx, { shopId, referral, terms, phase: "payout", order, seen, now });
  if (verdict !== "pass") return "settled";
  const { flowTrigger } = deps;
  const settled = await payReferrals(tx, { shopId, flowTrigger, now }, [{ referral, terms, decidedOn }]);
  return settled.has(referral.id) ? "settled" : "later";
}

/** The order earns nothing: another may count while the window lasts; some reasons end the referral at once. */
async function endUnpayable(tx: Tx, work: OpenWork, referral: ReferralRow, reason: string, now: Date): Promise<void> {
  const { shopId } = work.shop;
  if (FINAL_REASONS.has(reason)) {
    await voidReferral(tx, { shopId, referralId: referral.id, to: "REJECTED", reason, now, actor: "worker" });
    return;
  }
  const event = { shopId, facts: { orderId: work.referral.qualifyingOrder } };
  await dropOrder(tx, { event, referral, reason, now });
}
