import { appendAudit } from "#app/data/audit.repo.ts";
import { openCase } from "#app/data/cases.repo.ts";
import { bookIssue } from "#app/data/ledger.repo.ts";
import { addNote } from "#app/data/notes.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import { lockReward, markBlocked, markIssued, markUnknown } from "#app/data/rewards.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { newId } from "#app/platform/ids.ts";
import { planRewardExpiry } from "./plan-reward-expiry.ts";

type Ref = { readonly shopId: string; readonly rewardId: string; readonly now: Date };

/**
 * A reward was given, once: its note is queued, and what settles by being given leaves the shop's debt. @returns false
 * when another run said so first
 */
export async function issueReward(tx: Tx, ref: Ref & { readonly externalId: string }): Promise<boolean> {
  const { shopId, rewardId, externalId, now } = ref;
  if (!(await markIssued(tx, { shopId, rewardId, externalId }))) return false;
  const reward = await lockReward(tx, shopId, rewardId);
  if (reward === null) return false;
  if (reward.form === "code") await planRewardExpiry(tx, { shopId, rewardId, expiresAt: reward.expiresAt, now });
  else await bookIssue(tx, { shopId, rewardId, now });
  const { side, personId } = reward;
  await addNote(tx, { shopId, id: newId(), rewardId, side, personId, source: "template:en", now });
  const work = { topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } } as const;
  await enqueueOutbox(tx, { id: newId(), shopId, ...work, nextAt: now, now });
  await audit(tx, ref, "reward.issued", { externalId, form: reward.form });
  return true;
}

/** The shop refuses it for good: what is owed stays owed, and the record says why. */
export async function blockReward(tx: Tx, ref: Ref & { readonly reason: string }): Promise<void> {
  if (await markBlocked(tx, ref.shopId, ref.rewardId)) await audit(tx, ref, "reward.blocked", { reason: ref.reason });
}

/** Nobody can tell whether it was given: a person is asked. */
export async function doubtReward(tx: Tx, ref: Ref & { readonly reason: string }): Promise<void> {
  const { shopId, rewardId, reason, now } = ref;
  if (!(await markUnknown(tx, shopId, rewardId))) return;
  const reward = await lockReward(tx, shopId, rewardId);
  const about = { referralId: reward?.referralId ?? null, personId: reward?.personId ?? null };
  await openCase(tx, { shopId, kind: "unknown_fulfilment", ...about, rewardId, reason, now });
  await audit(tx, ref, "reward.unknown", { reason });
}

async function audit(tx: Tx, ref: Ref, action: string, detail: Record<string, unknown>): Promise<void> {
  const { shopId, rewardId, now } = ref;
  await appendAudit(tx, { id: newId(), shopId, at: now, actor: "worker", action, subject: rewardId, detail });
}
