import { appendAudit } from "#app/data/audit.repo.ts";
import { bookedOnCase, lockRewardsOfReferral } from "#app/data/after-reward.repo.ts";
import type { DecidedReward } from "#app/data/after-reward.repo.ts";
import type { CaseRow } from "#app/data/cases.repo.ts";
import { closeCase, touchCase } from "#app/data/cases.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { rejectedReferral } from "#app/data/reopened.repo.ts";
import { assertWon } from "#app/data/retry.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { ChoiceFacts, ReviewIntent } from "#app/domain/review/choices.ts";
import { newId } from "#app/platform/ids.ts";

export type ReviewSide = "referrer" | "friend" | "both";

export type ReviewInput = {
  readonly shopId: string;
  readonly caseId: string;
  /** Of the case, as the reviewer saw it. */
  readonly version: number;
  readonly intent: ReviewIntent;
  /** Whose reward is meant, where a choice concerns one; without it the referrer's, or the only one there is. */
  readonly side?: ReviewSide | null;
  readonly reason: string | null;
  readonly note: string | null;
  /** The subject of the session token: who decided. */
  readonly actor: string;
};

export type ReviewResult =
  | { readonly outcome: "decided"; readonly state: string }
  /** The first of two approvals is on record; somebody else has to give the second. */
  | { readonly outcome: "waits_for_second" }
  | { readonly outcome: "stale" }
  | { readonly outcome: "not_found" }
  | { readonly outcome: "not_allowed"; readonly why: string };

/** A case while somebody decides on it; the referral, where there is one, is locked. */
export type Reviewing = {
  readonly input: ReviewInput;
  readonly held: CaseRow;
  readonly referral: ReferralRow | null;
  readonly rewards: readonly DecidedReward[];
  readonly now: Date;
};

export const STALE: ReviewResult = { outcome: "stale" };

/** @returns a refusal with a sentence for the person who asked */
export function notAllowed(why: string): ReviewResult {
  return { outcome: "not_allowed", why };
}

/** Loads a case's rewards, locked, and what its choices depend on. */
export async function loadChoiceFacts(
  tx: Tx,
  args: { shopId: string; held: CaseRow; referral: ReferralRow | null },
): Promise<{ rewards: DecidedReward[]; facts: ChoiceFacts }> {
  const { shopId, held, referral } = args;
  const { kind, state, clawOpen } = held;
  const booked = await bookedOnCase(tx, shopId, held.id);
  if (referral === null) return { rewards: [], facts: { kind, state, clawOpen, booked, referral, rewards: [] } };
  const of = { shopId, referralId: referral.id, casePerson: held.personId };
  const rewards = await lockRewardsOfReferral(tx, of);
  const rejected = await rejectedReferral(tx, shopId, referral.id);
  const seen = { state: referral.state, undone: rejected?.undone === true };
  return { rewards, facts: { kind, state, clawOpen, booked, referral: seen, rewards } };
}

/**
 * Ends an open case with this decision, or counts a change to a closed one. When somebody else decided since the case was read,
 * the whole decision is begun again, and found to be stale.
 */
export async function settleCase(tx: Tx, reviewing: Reviewing, decision: string): Promise<void> {
  assertWon(await isSettled(tx, reviewing, decision), "somebody else decided on the case meanwhile");
}

function isSettled(tx: Tx, reviewing: Reviewing, decision: string): Promise<boolean> {
  const { input, held } = reviewing;
  const { shopId, version } = input;
  if (held.state === "closed") return touchCase(tx, { shopId, caseId: held.id, version });
  // An approval has no reason of its own: the case keeps the one that it was opened for.
  const reason = input.intent === "approve" ? null : input.reason?.trim() || null;
  return closeCase(tx, { shopId, caseId: held.id, version, decision, decidedBy: input.actor, reason });
}

/** Whether nothing was typed where a reason is asked for. */
export function isBlank(reason: string | null): boolean {
  return reason === null || reason.trim() === "";
}

/** Puts a decision on the record, on the referral's timeline where there is one. */
export async function auditDecision(
  tx: Tx,
  reviewing: Reviewing,
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const { input, held, now } = reviewing;
  await appendAudit(tx, {
    id: newId(),
    shopId: input.shopId,
    at: now,
    actor: input.actor,
    action,
    subject: held.referralId ?? held.id,
    detail: { caseId: held.id, reason: input.reason, note: input.note, ...detail },
  });
}
