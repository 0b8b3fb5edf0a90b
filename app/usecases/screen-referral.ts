import { openCase, renewCase } from "#app/data/cases.repo.ts";
import { lastFiredRules } from "#app/data/decisions.repo.ts";
import { holdReferral, voidReferral } from "#app/data/referrals.repo.ts";
import { appendAudit } from "#app/data/audit.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { applyApproval } from "#app/domain/screen/approval.ts";
import { reasonOf } from "#app/domain/screen/screen.ts";
import type { ScreenVerdict } from "#app/domain/screen/screen.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import type { Gathering } from "./gather-facts.ts";
import { judgeReferrals, recordJudgements } from "./judge-referrals.ts";

type ScreenArgs = Gathering & {
  readonly shopId: string;
  readonly phase: "open" | "payout";
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
  const [judged] = await judgeReferrals(tx, shopId, [args]);
  invariant(judged !== undefined, "each referral asked about is judged");
  const { found, decision } = judged;
  if (referral.state === "HELD") {
    // A reviewer who has the case open has not seen what is new: their decision has to be refused as stale.
    const news = applyApproval(found, await lastFiredRules(tx, shopId, referral.id));
    if (news.rules.length > 0) await renewCase(tx, shopId, referral.id);
  }
  await recordJudgements(tx, args, [judged]);
  const reason = reasonOf(decision);
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
