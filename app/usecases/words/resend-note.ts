import { appendAudit } from "#app/data/audit.repo.ts";
import { requeueFailed } from "#app/data/notes.repo.ts";
import { enqueueOutbox } from "#app/data/outbox.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import { isUuid, newId } from "#app/platform/ids.ts";

export type ResendNoteInput = { readonly shopId: string; readonly noteId: string; readonly actor: string };
export type ResendNoteResult = { readonly outcome: "queued" | "not_failed" };

/**
 * Sends a note again that certainly did not go out: an address was wrong, a mailbox full. One whose end is unknown may be in the
 * customer's box already, and is never sent again.
 */
export async function resendNote(
  deps: { readonly pools: Pools; readonly clock: Clock; readonly ringOutbox: (shopId: string) => void },
  input: ResendNoteInput,
): Promise<ResendNoteResult> {
  const { shopId, noteId, actor } = input;
  if (!isUuid(noteId)) return { outcome: "not_failed" };
  const now = deps.clock.now();
  const isQueued = await inShop(deps.pools, shopId, async (tx) => {
    const rewardId = await requeueFailed(tx, shopId, noteId);
    if (rewardId === null) return false;
    const id = newId();
    const work = { topic: "note.send", dedupeKey: `note:${rewardId}:${id}`, payload: { rewardId } } as const;
    await enqueueOutbox(tx, { id, shopId, ...work, nextAt: now, now });
    await appendAudit(tx, { id: newId(), shopId, at: now, actor, action: "note.sent_again", subject: rewardId });
    return true;
  });
  if (isQueued) deps.ringOutbox(shopId);
  return { outcome: isQueued ? "queued" : "not_failed" };
}
