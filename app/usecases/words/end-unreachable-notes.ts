import { endUnreachable, queuedNotes } from "#app/data/notes.repo.ts";
import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import type { Clock } from "#app/platform/clock.ts";
import type { Keys } from "#app/platform/keys.ts";
import { openPersonProfile } from "#app/platform/sealed-profile.ts";
import { rewardIdOf } from "#app/usecases/fulfil-reward.ts";
import type { OutboxWork } from "#app/usecases/ports.ts";

const DONE = { outcome: "done" } as const;

/**
 * Ends together the notes of one shop that have nobody to go to: in a shop that gives the app no addresses those are all, and one by
 * one they would cost as much as the rewards. A note with an address, and one that is claimed or ended, is left out and has
 * a run of its own; nothing is sent here.
 *
 * @param rows outbox rows of the topic `note.send`
 * @returns what becomes of the rows whose note was ended
 */
export async function endUnreachableNotes(
  deps: { readonly pools: Pools; readonly clock: Clock; readonly keys: Keys },
  shopId: string,
  rows: readonly OutboxWork[],
): Promise<ReadonlyMap<string, typeof DONE>> {
  if (rows.length < 2) return new Map();
  const rowOf = new Map(
    rows.flatMap((row) => {
      const rewardId = rewardIdOf(row, "note:");
      return rewardId === null ? [] : [[rewardId, row.id]];
    }),
  );
  const ended = await inShop(deps.pools, shopId, async (tx) => {
    const notes = await queuedNotes(tx, shopId, [...rowOf.keys()]);
    const unreachable = notes.filter(({ profile }) => {
      const { email, phone } = profile === null ? NOBODY : openPersonProfile(deps.keys, shopId, profile);
      return !email && !phone;
    });
    if (unreachable.length === 0) return [];
    return endUnreachable(
      tx,
      shopId,
      unreachable.map(({ id }) => id),
      deps.clock.now(),
    );
  });
  const endedRewards = new Set(ended);
  return new Map([...rowOf].filter(([rewardId]) => endedRewards.has(rewardId)).map(([, rowId]) => [rowId, DONE]));
}

const NOBODY = { email: null, phone: null };
