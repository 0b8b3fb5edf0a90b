import { openCase, renewCase } from "#app/data/cases.repo.ts";
import { approvedRules, lastFiredRules, recordDecision } from "#app/data/decisions.repo.ts";
import { canonicalOf, historyOf } from "#app/data/people.repo.ts";
import { holdReferral, voidReferral } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { tracesOf } from "#app/data/signals.repo.ts";
import { appendAudit } from "#app/data/audit.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { isExistingCustomer } from "#app/domain/attribution/existing-customer.ts";
import { applyApproval } from "#app/domain/screen/approval.ts";
import type { RiskRecommendation, ScreenFeatures } from "#app/domain/screen/features.ts";
import { screen } from "#app/domain/screen/screen.ts";
import type { ScreenVerdict } from "#app/domain/screen/screen.ts";
import { broughtAt } from "#app/domain/referral/brought-at.ts";
import type { Terms } from "#app/domain/terms/terms.ts";
import { newId } from "#app/platform/ids.ts";

/** What only the order can tell; null where it is not known (yet). */
export type OrderEvidence = {
  readonly agentIsBot: boolean | null;
  readonly riskRecommendation: RiskRecommendation | null;
  /** Shopify says that this customer bought before the click. */
  readonly boughtBefore: boolean | null;
  readonly evidenceMissing: boolean;
};

export const NO_ORDER_EVIDENCE: OrderEvidence = {
  agentIsBot: null,
  riskRecommendation: null,
  boughtBefore: null,
  evidenceMissing: false,
};

type ScreenArgs = {
  readonly shopId: string;
  readonly referral: ReferralRow;
  readonly terms: Terms;
  readonly phase: "open" | "payout";
  readonly order: OrderEvidence;
  readonly now: Date;
};

/**
 * Screens one referral on what is known now, records the decision, and acts on it: a block rejects, a hold opens a case
 * for a person. What a person approved before, with the same evidence, is passed.
 *
 * @returns the verdict after approvals
 */
export async function screenReferral(tx: Tx, args: ScreenArgs): Promise<ScreenVerdict> {
  const { shopId, referral } = args;
  const features = await featuresOf(tx, args);
  const found = screen(features, args.terms.screen);
  const decision = applyApproval(found, await approvedRules(tx, shopId, referral.id));
  if (referral.state === "HELD") {
    // A reviewer who has the case open has not seen what is new: their decision has to be refused as stale.
    const news = applyApproval(found, await lastFiredRules(tx, shopId, referral.id));
    if (news.rules.length > 0) await renewCase(tx, shopId, referral.id);
  }
  await recordDecision(tx, {
    id: newId(),
    shopId,
    referralId: referral.id,
    phase: args.phase,
    features,
    decision: found,
    at: args.now,
  });
  const reason = decision.rules[0]?.id ?? "score";
  if (decision.verdict === "block") {
    await voidReferral(tx, { shopId, referralId: referral.id, to: "REJECTED", reason, now: args.now, actor: "screen" });
  } else if (decision.verdict === "hold") {
    await holdForReview(tx, { shopId, referralId: referral.id, reason, now: args.now });
  }
  return decision.verdict;
}

/** Holds a pending referral and opens its case; one that is held already stays as it is. */
export async function holdForReview(
  tx: Tx,
  args: { shopId: string; referralId: string; reason: string; now: Date },
): Promise<void> {
  const held = await holdReferral(tx, args);
  if (!held) return;
  await openCase(tx, { ...args, kind: "fraud_hold", personId: null });
  await appendAudit(tx, {
    id: newId(),
    shopId: args.shopId,
    at: args.now,
    actor: "screen",
    action: "referral.held",
    subject: args.referralId,
    detail: { reason: args.reason },
  });
}

/** Compares friend and referrer by what both are known by. A kind that one of them was never seen with is absent. */
async function featuresOf(tx: Tx, args: ScreenArgs): Promise<ScreenFeatures> {
  const { shopId, referral } = args;
  // Either may have been merged since it opened: look-ups lead to the canonical person, who has all of the names.
  const friendPerson = await canonicalOf(tx, shopId, referral.friendPerson);
  const friend = await tracesOf(tx, shopId, friendPerson);
  const referrer = await tracesOf(tx, shopId, await canonicalOf(tx, shopId, referral.referrerPerson));
  const shared = (kind: string): boolean | null => {
    const ours = friend.get(kind);
    const theirs = referrer.get(kind);
    return ours === undefined || theirs === undefined ? null : !ours.isDisjointFrom(theirs);
  };
  return {
    sameAccount: shared("customer"),
    sameEmail: shared("email"),
    samePhone: shared("phone"),
    sameCard: shared("card"),
    sameDevice: shared("device"),
    sameAddress: shared("address"),
    sameNetwork: shared("network"),
    boughtBefore: args.order.boughtBefore === true ? true : await boughtBefore(tx, args, friendPerson),
    clickToOrderMs: clickToOrderMs(referral),
    agentIsBot: args.order.agentIsBot,
    riskRecommendation: args.order.riskRecommendation,
    evidenceMissing: args.order.evidenceMissing,
  };
}

/**
 * By the friend's own history. Where only orders of the last days count, the history tells nothing once the friend's order
 * is in it: it was weighed without that order when the referral opened.
 */
async function boughtBefore(tx: Tx, args: ScreenArgs, friendPerson: string): Promise<boolean | null> {
  const history = await historyOf(tx, args.shopId, friendPerson);
  const firstOrderAt = history.firstOrderAt?.getTime() ?? null;
  const lastOrderAt = history.lastOrderAt?.getTime() ?? null;
  const before = broughtAt(args.referral);
  const { newCustomerDays } = args.terms;
  if (newCustomerDays !== null && lastOrderAt !== null && lastOrderAt >= before) return null;
  return isExistingCustomer({ history: { firstOrderAt, lastOrderAt }, before, newCustomerDays });
}

function clickToOrderMs(referral: ReferralRow): number | null {
  if (referral.orderAt === null || referral.evidence === null) return null;
  return Math.max(0, referral.orderAt.getTime() - referral.evidence.clickedAt);
}
