import { appendAudit, appendAudits } from "#app/data/audit.repo.ts";
import { openCase } from "#app/data/cases.repo.ts";
import { bookIssue } from "#app/data/ledger.repo.ts";
import { addNotes } from "#app/data/notes.repo.ts";
import { enqueueAll } from "#app/data/outbox.repo.ts";
import type { NewWork } from "#app/data/outbox.repo.ts";
import { lockReward, markBlocked, markIssued, markUnknown } from "#app/data/rewards.repo.ts";
import type { IssuedReward } from "#app/data/rewards.repo.ts";
import type { Tx } from "#app/data/tenant.ts";
import { invariant } from "#app/platform/errors.ts";
import { newId } from "#app/platform/ids.ts";
import { rewardExpiryWork } from "./plan-reward-expiry.ts";

type Ref = { readonly shopId: string; readonly rewardId: string; readonly now: Date };

type Given = { readonly rewardId: string; readonly externalId: string };

/**
 * Rewards were given, each once: their notes are queued, the ends of their codes planned, and what settles by being given
 * leaves the shop's debt.
 *
 * @returns those of which no other run said so first
 */
export async function issueRewards(
  tx: Tx,
  ref: { readonly shopId: string; readonly given: readonly Given[]; readonly now: Date },
): Promise<readonly IssuedReward[]> {
  const { shopId, given, now } = ref;
  if (given.length === 0) return [];
  const issued = await markIssued(tx, shopId, given);
  for (const { id, form } of issued) if (form !== "code") await bookIssue(tx, { shopId, rewardId: id, now });
  const source = "template:en";
  const notes = issued.map(({ id: rewardId, side, personId }) => ({ id: newId(), rewardId, side, personId, source }));
  await addNotes(tx, shopId, notes, now);
  await enqueueAll(
    tx,
    shopId,
    issued.flatMap((reward) => workAfter(reward, now)),
    now,
  );
  const externalIds = new Map(given.map(({ rewardId, externalId }) => [rewardId, externalId]));
  await appendAudits(
    tx,
    issued.map(({ id, form }) => {
      const entry = { id: newId(), shopId, at: now, actor: "worker", action: "reward.issued", subject: id };
      return { ...entry, detail: { externalId: externalIds.get(id), form } };
    }),
  );
  return issued;
}

function workAfter({ id: rewardId, form, expiresAt }: IssuedReward, now: Date): NewWork[] {
  const note = { topic: "note.send", dedupeKey: `note:${rewardId}`, payload: { rewardId } } as const;
  const end = form === "code" ? rewardExpiryWork({ rewardId, expiresAt }) : [];
  return [...end, { id: newId(), ...note, nextAt: now }];
}

/** The shop refuses it for good: what is owed stays owed, and the record says why. */
export async function blockReward(tx: Tx, ref: Ref & { readonly reason: string }): Promise<void> {
  if (await markBlocked(tx, ref.shopId, ref.rewardId)) await audit(tx, ref, "reward.blocked", { reason: ref.reason });
}

/** Nobody can tell whether it was given: a person is asked. */
export async function doubtReward(tx: Tx, ref: Ref & { readonly reason: string }): Promise<void> {
  const { shopId, rewardId, reason, now } = ref;
  const reward = await lockReward(tx, shopId, rewardId);
  invariant(reward !== null, "what was sent is on the books");
  if (!(await markUnknown(tx, shopId, rewardId))) return;
  const { referralId, personId } = reward;
  await openCase(tx, { shopId, kind: "unknown_fulfilment", referralId, personId, rewardId, reason, now });
  await audit(tx, ref, "reward.unknown", { reason });
}

async function audit(tx: Tx, ref: Ref, action: string, detail: Record<string, unknown>): Promise<void> {
  const { shopId, rewardId, now } = ref;
  await appendAudit(tx, { id: newId(), shopId, at: now, actor: "worker", action, subject: rewardId, detail });
}
