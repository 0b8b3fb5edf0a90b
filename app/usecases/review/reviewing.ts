import { appendAudit } from "#app/data/audit.repo.ts";
import { bookedOnCase, lockRewardsOfReferral } from "#app/data/after-reward.repo.ts";
import type { DecidedReward } from "#app/data/after-reward.repo.ts";
import type { CaseRow } from "#app/data/cases.repo.ts";
import { closeCase, touchCase } from "#app/data/cases.repo.ts";
import type { ReferralRow } from "#app/data/referrals.repo.ts";
import { rejectedReferral } from "#app/data/reopened.repo.ts";
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
  const rewards =
    referral === null
      ? []
      : await lockRewardsOfReferral(tx, { shopId, referralId: referral.id, casePerson: held.personId });
  const undone = referral === null ? false : ((await rejectedReferral(tx, shopId, referral.id))?.undone ?? false);
  return {
    rewards,
    facts: {
      kind: held.kind,
      state: held.state,
      referral: referral === null ? null : { state: referral.state, undone },
      clawOpen: held.clawOpen,
      booked: await bookedOnCase(tx, shopId, held.id),
      rewards,
    },
  };
}

/** Ends an open case with this decision, or counts a change to a closed one. @returns false on a stale version */
export async function settleCase(tx: Tx, reviewing: Reviewing, decision: string): Promise<boolean> {
  const { input, held } = reviewing;
  const { shopId, version } = input;
  if (held.state === "closed") return touchCase(tx, { shopId, caseId: held.id, version });
  // An approval has no reason of its own: the case keeps the one that it was opened for.
  const reason = input.intent === "approve" ? null : input.reason?.trim() || null;
  return closeCase(tx, { shopId, caseId: held.id, version, decision, decidedBy: input.actor, reason });
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
