import { lastFiredRules } from "#app/data/decisions.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { releaseReferral, voidReferral } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { approveFirst } from "#app/data/review-rules.repo.ts";
import { assertWon } from "#app/data/retry.ts";
import type { Tx } from "#app/data/tenant.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { auditDecision, isBlank, notAllowed, settleCase } from "./reviewing.ts";
import type { Reviewing, ReviewResult } from "./reviewing.ts";
import { takesTwo } from "./second-person.ts";

/** Ends a held referral for good, with a reason. */
export async function rejectHeld(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, now } = reviewing;
  if (isBlank(input.reason)) return notAllowed("A rejection needs a reason.");
  await settleCase(tx, reviewing, "rejected");
  const ended = await voidReferral(tx, {
    shopId: input.shopId,
    referralId: referral.id,
    to: "REJECTED",
    reason: "rejected_in_review",
    now,
    actor: input.actor,
  });
  invariant(ended, "an open hold is of an open referral: whatever ends the referral closes it");
  await auditDecision(tx, reviewing, "case.rejected");
  return { outcome: "decided", state: "REJECTED" };
}

/** Lets a held referral run on. Names the rules and the evidence that were seen; the payout still screens again. */
export async function approveHeld(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  const before = await firstOfTwo(tx, reviewing, referral);
  if (before !== null) return before;
  await settleCase(tx, reviewing, "approved");
  const rules = await lastFiredRules(tx, shopId, referral.id);
  const waiveCap = held.kind === "reward_cap";
  const released = await releaseReferral(tx, { shopId, referralId: referral.id, waiveCap });
  invariant(released, "an open hold is of a held referral: whatever releases or ends the referral closes it");
  const seen = rules.map(({ id, evidence }) => ({ id, evidence }));
  await auditDecision(tx, reviewing, "referral.approved", { rules: seen });
  const { qualifyingOrder, eligibleAt } = referral;
  // Without a paid order there is nothing to settle yet: the order's own work comes with it.
  if (qualifyingOrder !== null && eligibleAt !== null) {
    await enqueueOutbox(tx, {
      id: newId(),
      shopId,
      topic: "referral.settle",
      dedupeKey: `settle:${referral.id}:${qualifyingOrder}:${held.id}`,
      payload: { referralId: referral.id },
      nextAt: eligibleAt > now ? eligibleAt : now,
      now,
    });
  }
  return { outcome: "decided", state: "PENDING" };
}

/** Over the shop's amount the first approval only waits for another person's. @returns null when nothing is in the way */
async function firstOfTwo(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult | null> {
  const { input, held } = reviewing;
  const { shopId, version, actor } = input;
  if (!held.twoPeople && !(await takesTwo(tx, shopId, referral.id))) return null;
  if (held.firstBy === actor) return notAllowed("You approved this before. Now somebody else has to.");
  if (held.firstBy !== null) return null;
  const isFirst = await approveFirst(tx, { shopId, caseId: held.id, version, by: actor });
  assertWon(isFirst, "somebody else decided on the case meanwhile");
  await auditDecision(tx, reviewing, "case.approved_first");
  return { outcome: "waits_for_second" };
}
