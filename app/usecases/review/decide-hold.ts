import { lastFiredRules } from "#app/data/decisions.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { referralById, releaseReferral, voidReferral } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { approveFirst } from "#app/data/review-rules.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { auditDecision, notAllowed, settleCase, STALE } from "./reviewing.ts";
import type { Reviewing, ReviewResult } from "./reviewing.ts";
import { takesTwo } from "./second-person.ts";

/** Ends a held referral for good, with a reason. */
export async function rejectHeld(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, now } = reviewing;
  if ((input.reason ?? "").trim() === "") return notAllowed("A rejection needs a reason.");
  if (!(await settleCase(tx, reviewing, "rejected"))) return STALE;
  const ended = await voidReferral(tx, {
    shopId: input.shopId,
    referralId: referral.id,
    to: "REJECTED",
    reason: "rejected_in_review",
    now,
    actor: input.actor,
  });
  await auditDecision(tx, reviewing, "case.rejected");
  return { outcome: "decided", state: ended ? "REJECTED" : "closed" };
}

/** Lets a held referral run on. Names the rules and the evidence that were seen; the payout still screens again. */
export async function approveHeld(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  const before = await firstOfTwo(tx, reviewing, referral);
  if (before !== null) return before;
  if (!(await settleCase(tx, reviewing, "approved"))) return STALE;
  const rules = await lastFiredRules(tx, shopId, referral.id);
  const waiveCap = held.kind === "reward_cap";
  const released = await releaseReferral(tx, { shopId, referralId: referral.id, waiveCap });
  const seen = rules.map(({ id, evidence }) => ({ id, evidence }));
  await auditDecision(tx, reviewing, "referral.approved", { rules: seen });
  const open = await referralById(tx, shopId, referral.id);
  if (released && open?.qualifyingOrder && open.eligibleAt !== null) {
    await enqueueOutbox(tx, {
      id: newId(),
      shopId,
      topic: "referral.settle",
      dedupeKey: `settle:${open.id}:${open.qualifyingOrder}:${held.id}`,
      payload: { referralId: open.id },
      nextAt: open.eligibleAt > now ? open.eligibleAt : now,
      now,
    });
  }
  return { outcome: "decided", state: released ? "PENDING" : "closed" };
}

/** Over the shop's amount the first approval only waits for another person's. @returns null when nothing is in the way */
async function firstOfTwo(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult | null> {
  const { input, held } = reviewing;
  const { shopId, version, actor } = input;
  if (!held.twoPeople && !(await takesTwo(tx, shopId, referral.id))) return null;
  if (held.firstBy === actor) return notAllowed("You approved this before. Now somebody else has to.");
  if (held.firstBy !== null) return null;
  if (!(await approveFirst(tx, { shopId, caseId: held.id, version, by: actor }))) return STALE;
  await auditDecision(tx, reviewing, "case.approved_first");
  return { outcome: "waits_for_second" };
}
