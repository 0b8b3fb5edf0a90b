import type { SealedProfile } from "#app/data/people.repo.ts";
import type { Tx } from "#app/data/tenant.ts";

export type NoteState = "queued" | "claimed" | "sent" | "unknown" | "failed";
export type NoteRow = {
  readonly id: string;
  readonly state: NoteState;
  readonly reason: string | null;
  readonly claimedAt: Date | null;
};
/** Why a note ended that has neither an e-mail address nor a phone to go to. */
export const NO_ADDRESS = "no_address";
export type NoteChannel = "email" | "sms";

type NewNote = {
  readonly id: string;
  readonly rewardId: string;
  readonly side: 1 | 2;
  readonly personId: string;
  readonly source: string;
};

/** Queues the note of a reward, by e-mail until it is known otherwise; there is one at most. */
export async function addNote(
  tx: Tx,
  { shopId, now, ...note }: NewNote & { readonly shopId: string; readonly now: Date },
): Promise<void> {
  await addNotes(tx, shopId, [note], now);
}

/** Queues the e-mail notes of rewards; there is one at most of each. */
export async function addNotes(tx: Tx, shopId: string, notes: readonly NewNote[], now: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO notes (shop_id, id, reward_id, side, person_id, channel, source, created_at)
     SELECT $1, n.id, n.reward_id, n.side, n.person_id, 'email', n.source, $7
       FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::text[]) AS n (id, reward_id, side, person_id, source)
         ON CONFLICT DO NOTHING`,
    [
      shopId,
      notes.map(({ id }) => id),
      notes.map(({ rewardId }) => rewardId),
      notes.map(({ side }) => side),
      notes.map(({ personId }) => personId),
      notes.map(({ source }) => source),
      now,
    ],
  );
}

/** @returns the note of a reward, whichever way it goes, or null. */
export async function readNote(tx: Tx, shopId: string, rewardId: string): Promise<NoteRow | null> {
  const [row] = await tx.query<NoteRow>(
    `SELECT id, state, reason, claimed_at AS "claimedAt" FROM notes WHERE shop_id = $1 AND reward_id = $2
      ORDER BY created_at LIMIT 1`,
    [shopId, rewardId],
  );
  return row ?? null;
}

export type QueuedNote = {
  readonly id: string;
  readonly rewardId: string;
  /** Null: nothing is kept of whom it goes to. */
  readonly profile: SealedProfile | null;
};

/**
 * Who a person is now is found before people are looked for: row security lets no expression that might leak look into an
 * index, and the whole shop would be read.
 *
 * @returns the notes of rewards that wait to be sent and have something to tell of, each with what is kept of its person
 */
export async function queuedNotes(tx: Tx, shopId: string, rewardIds: readonly string[]): Promise<QueuedNote[]> {
  const rows = await tx.query<{ id: string; rewardId: string } & Partial<Record<keyof SealedProfile, Buffer | null>>>(
    `SELECT n.id, n.reward_id AS "rewardId", k.profile_enc AS "profileEnc", k.profile_key_wrapped AS "profileKeyWrapped"
       FROM notes n
       JOIN rewards w ON w.shop_id = n.shop_id AND w.id = n.reward_id
       JOIN people p ON p.shop_id = w.shop_id AND p.id = w.person_id
       LEFT JOIN LATERAL (
         SELECT o.profile_enc, o.profile_key_wrapped
           FROM (SELECT coalesce(p.merged_into, p.id) AS id OFFSET 0) c
           JOIN people o ON o.shop_id = $1 AND c.id IN (o.id, o.merged_into)
          WHERE o.profile_enc IS NOT NULL AND o.erased_at IS NULL
          ORDER BY (o.id = c.id) DESC LIMIT 1
       ) k ON true
      WHERE n.shop_id = $1 AND n.reward_id = ANY ($2::uuid[]) AND n.state = 'queued'
        AND (w.status = 'issued' OR (w.kind = 'welcome' AND w.status = 'redeemed'))`,
    [shopId, rewardIds],
  );
  return rows.map(({ id, rewardId, profileEnc, profileKeyWrapped }) => ({
    id,
    rewardId,
    profile: profileEnc && profileKeyWrapped ? { profileEnc, profileKeyWrapped } : null,
  }));
}

/** Ends queued notes that have nobody to go to. @returns the rewards whose note this call ended */
export async function endUnreachable(tx: Tx, shopId: string, noteIds: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx.query<{ rewardId: string }>(
    `UPDATE notes SET state = 'failed', reason = '${NO_ADDRESS}', ended_at = $3
      WHERE shop_id = $1 AND id = ANY ($2::uuid[]) AND state = 'queued' RETURNING reward_id AS "rewardId"`,
    [shopId, noteIds, now],
  );
  return rows.map(({ rewardId }) => rewardId);
}

/**
 * Takes a queued note for sending, if its reward is still one to tell of: the row count is the right to send it. A welcome reward
 * that is used up already is told of, in thanks.
 * @returns false when somebody else has it, or it is not to be sent
 */
export async function claimNote(
  tx: Tx,
  note: { shopId: string; noteId: string; channel: NoteChannel; source: string; now: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE notes n SET state = 'claimed', claimed_at = $3, channel = $4, source = $5 FROM rewards w
      WHERE n.shop_id = $1 AND n.id = $2 AND n.state = 'queued' AND w.shop_id = n.shop_id AND w.id = n.reward_id
        AND (w.status = 'issued' OR (w.kind = 'welcome' AND w.status = 'redeemed'))`,
    [note.shopId, note.noteId, note.now, note.channel, note.source],
  );
  return count === 1;
}

/** What begins the reason of a note that failed only for the moment: the mail server did not take it. */
export const FAILED_FOR_NOW = "later:";

/** Puts a note that failed only for the moment back into the queue. @returns whether it is queued again */
export async function requeueNote(tx: Tx, shopId: string, noteId: string): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE notes SET state = 'queued', claimed_at = NULL, ended_at = NULL, reason = NULL
      WHERE shop_id = $1 AND id = $2 AND state = 'failed' AND starts_with(reason, $3)`,
    [shopId, noteId, FAILED_FOR_NOW],
  );
  return count === 1;
}

/**
 * Puts a note that certainly failed back into the queue, since somebody asks for it again. One that went out, or may have, stays.
 * @returns its reward, or null when it is not one that failed
 */
export async function requeueFailed(tx: Tx, shopId: string, noteId: string): Promise<string | null> {
  const [row] = await tx.query<{ rewardId: string }>(
    `UPDATE notes SET state = 'queued', claimed_at = NULL, ended_at = NULL, reason = NULL
      WHERE shop_id = $1 AND id = $2 AND state = 'failed' RETURNING reward_id AS "rewardId"`,
    [shopId, noteId],
  );
  return row?.rewardId ?? null;
}

/** Ends a note: one that went out, or may have, never changes again. */
export async function endNote(
  tx: Tx,
  note: { shopId: string; noteId: string; state: "sent" | "unknown" | "failed"; reason: string | null; now: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE notes SET state = $3, reason = $4, ended_at = $5
      WHERE shop_id = $1 AND id = $2 AND state IN ('queued', 'claimed') AND (state = 'claimed' OR $3 = 'failed')`,
    [note.shopId, note.noteId, note.state, note.reason, note.now],
  );
}
