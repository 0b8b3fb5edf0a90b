import { appendAudit } from "#app/data/audit.repo.ts";
import { caseById, closeCase } from "#app/data/cases.repo.ts";
import type { CaseRow } from "#app/data/cases.repo.ts";
import { lastFiredRules } from "#app/data/decisions.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { referralById, releaseReferral, voidReferral } from "#app/data/referrals.repo.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Tx } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { newId } from "#app/platform/ids.ts";

export type ReviewInput = {
  readonly shopId: string;
  readonly caseId: string;
  /** Of the case, as the reviewer saw it. */
  readonly version: number;
  readonly intent: "approve" | "reject" | "undo" | "note";
  readonly reason: string | null;
  readonly note: string | null;
  /** The subject of the session token: who decided. */
  readonly actor: string;
};

export type ReviewResult =
  | { readonly outcome: "decided"; readonly state: string }
  | { readonly outcome: "stale" }
  | { readonly outcome: "not_found" }
  | { readonly outcome: "not_allowed"; readonly why: string };

type Reviewing = {
  readonly input: ReviewInput;
  readonly held: CaseRow & { readonly referralId: string };
  readonly now: Date;
};

/**
 * Carries out what a person decided on a case. A decision on a stale version changes nothing; an approval names the rules
 * and the evidence that were seen, and the payout still screens again.
 */
export async function reviewCase(
  deps: { pools: Pools; clock: Clock; ringOutbox: (shopId: string) => void },
  input: ReviewInput,
): Promise<ReviewResult> {
  const result = await inShop(deps.pools, input.shopId, async (tx): Promise<ReviewResult> => {
    const held = await caseById(tx, input.shopId, input.caseId);
    if (held === null || held.referralId === null) return { outcome: "not_found" };
    const reviewing = { input, held: { ...held, referralId: held.referralId }, now: deps.clock.now() };
    switch (input.intent) {
      case "note":
        await audit(tx, reviewing, "case.noted", { note: input.note });
        return { outcome: "decided", state: held.state };
      case "undo":
        return { outcome: "not_allowed", why: "A rejection cannot be taken back here yet." };
      case "approve":
      case "reject":
        return decide(tx, reviewing);
    }
  });
  deps.ringOutbox(input.shopId);
  return result;
}

async function decide(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId, intent } = input;
  if (intent === "reject" && (input.reason ?? "").trim() === "")
    return { outcome: "not_allowed", why: "A rejection needs a reason." };
  const decision = intent === "approve" ? "approved" : "rejected";
  const closed = await closeCase(tx, {
    shopId,
    caseId: held.id,
    version: input.version,
    decision,
    decidedBy: input.actor,
    reason: input.reason?.trim() || null,
  });
  if (!closed) return { outcome: "stale" };
  if (intent === "reject") {
    const end = {
      shopId,
      referralId: held.referralId,
      to: "REJECTED",
      reason: "rejected_in_review",
      now,
      actor: input.actor,
    } as const;
    const ended = await voidReferral(tx, end);
    await audit(tx, reviewing, "case.rejected", { note: input.note, reason: input.reason });
    return { outcome: "decided", state: ended ? "REJECTED" : "closed" };
  }
  return approve(tx, reviewing);
}

async function approve(tx: Tx, reviewing: Reviewing): Promise<ReviewResult> {
  const { input, held, now } = reviewing;
  const { shopId } = input;
  const rules = await lastFiredRules(tx, shopId, held.referralId);
  const released = await releaseReferral(tx, {
    shopId,
    referralId: held.referralId,
    waiveCap: held.kind === "reward_cap",
  });
  const seen = rules.map(({ id, evidence }) => ({ id, evidence }));
  await appendAudit(tx, {
    id: newId(),
    shopId,
    at: now,
    actor: input.actor,
    action: "referral.approved",
    subject: held.referralId,
    detail: { caseId: held.id, rules: seen, note: input.note },
  });
  const referral = await referralById(tx, shopId, held.referralId);
  if (released && referral?.qualifyingOrder && referral.eligibleAt !== null) {
    await enqueueOutbox(tx, {
      id: newId(),
      shopId,
      topic: "referral.settle",
      dedupeKey: `settle:${referral.id}:${referral.qualifyingOrder}:${held.id}`,
      payload: { referralId: referral.id },
      nextAt: referral.eligibleAt > now ? referral.eligibleAt : now,
      now,
    });
  }
  return { outcome: "decided", state: released ? "PENDING" : "closed" };
}

async function audit(tx: Tx, reviewing: Reviewing, action: string, detail: Record<string, unknown>): Promise<void> {
  const { input, held, now } = reviewing;
  await appendAudit(tx, {
    id: newId(),
    shopId: input.shopId,
    at: now,
    actor: input.actor,
    action,
    subject: held.referralId,
    detail: { caseId: held.id, ...detail },
  });
}
