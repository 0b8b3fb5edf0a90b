import { appendAudit } from "#app/data/audit.repo.ts";
import { touchCase } from "#app/data/cases.repo.ts";
import { codeById } from "#app/data/codes.repo.ts";
import { lastFiredRules } from "#app/data/decisions.repo.ts";
import { ensureLiabilityAccounts } from "#app/data/ledger.repo.ts";
import { canonicalOf } from "#app/data/people.repo.ts";
import { convertReferrals } from "#app/data/referrals.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { rejectedReferral, reopenReferral } from "#app/data/reopened.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { expiryDueAt } from "#app/domain/referral/conversion.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { auditDecision, isBlank, notAllowed } from "./reviewing.ts";
import type { Reviewing, ReviewResult } from "./reviewing.ts";

/**
 * Takes a rejection back, once: a new referral on the same code, with the order, its times and the evidence of the old
 * one, and with promises of its own. The payout screens it again; what the reviewer had in front of them is passed then.
 */
export async function undoRejection(tx: Tx, reviewing: Reviewing, referral: ReferralRow): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  if (isBlank(input.reason)) return notAllowed("Taking a rejection back needs a reason.");
  const obstacle = await obstacleTo(tx, shopId, referral, now);
  if (obstacle !== null) return notAllowed(obstacle);
  const rejected = await rejectedReferral(tx, shopId, referral.id);
  invariant(rejected !== null, "the choice was offered for a rejected referral, and that is final");
  const friendPerson = await canonicalOf(tx, shopId, referral.friendPerson);
  const friendUnit = rejected.promised.find((promise) => promise.side === 2)?.unit;
  if (friendUnit !== undefined)
    await ensureLiabilityAccounts(tx, shopId, [{ personId: friendPerson, unit: friendUnit }]);
  const referralId = newId();
  const { codeId, expiresAt, evidence } = referral;
  const undo = { shopId, referralId, reopens: referral.id, codeId, friendPerson, rejected, expiresAt, evidence };
  const opened = await reopenReferral(tx, { ...undo, now, actor: input.actor });
  if (!opened) return notAllowed("Meanwhile this friend has another referral, or the order counts for another.");
  const isCounted = await touchCase(tx, { shopId, caseId: held.id, version: input.version });
  invariant(isCounted, "a case of a referral changes only while the referral is locked");
  await copyOrder(tx, { shopId, referralId, from: referral, now });
  await auditDecision(tx, reviewing, "referral.undone", { reopenedAs: referralId });
  const rules = (await lastFiredRules(tx, shopId, referral.id)).map(({ id, evidence: seen }) => ({
    id,
    evidence: seen,
  }));
  const detail = { caseId: held.id, rules, reopens: referral.id, reason: input.reason, note: input.note };
  const entry = { id: newId(), shopId, at: now, actor: input.actor, action: "referral.approved", subject: referralId };
  await appendAudit(tx, { ...entry, detail });
  return { outcome: "decided", state: "PENDING" };
}

async function obstacleTo(tx: Tx, shopId: string, referral: ReferralRow, now: Date): Promise<string | null> {
  const code = await codeById(tx, shopId, referral.codeId);
  if (code?.retiredReason === "abuse") return "The link of this referral was retired for abuse.";
  if (referral.qualifyingOrder === null && expiryDueAt(referral.expiresAt.getTime()) <= now.getTime())
    return "Nothing could come of it: there was no order, and the time for one is over.";
  return null;
}

async function copyOrder(
  tx: Tx,
  args: { shopId: string; referralId: string; from: ReferralRow; now: Date },
): Promise<void> {
  const { qualifyingOrder: orderId, orderAt, paidAt, eligibleAt, orderSnapshot } = args.from;
  if (orderId === null || orderAt === null) return;
  const { shopId, referralId, now } = args;
  const order = { referralId, orderId, orderAt, paidAt, eligibleAt, snapshot: orderSnapshot ?? {} };
  await convertReferrals(tx, { shopId, now }, [order]);
}
