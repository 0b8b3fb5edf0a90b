import { isObject } from "#app/domain/json/read.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import { NOTE_KINDS } from "#app/domain/note/note-kind.ts";
import type { Tx } from "#app/data/tenant.ts";

export type DraftKind = "invite" | "thanks";
export type DraftWords = Readonly<Partial<Record<NoteKind, string>>>;
export type DraftRow = {
  readonly id: string;
  readonly state: "asked" | "written" | "templates";
  readonly reason: string | null;
  readonly model: string | null;
  readonly words: DraftWords;
  /** What the customer made of them. */
  readonly ownWords: DraftWords;
  readonly askedAt: Date;
  /** Rewrites on the day asked for. */
  readonly rewrites: number;
};
export type DraftOf = { readonly shopId: string; readonly kind: DraftKind; readonly subjectId: string };

type Row = Omit<DraftRow, "words" | "ownWords"> & { readonly words: unknown; readonly ownWords: unknown };

/** @returns what was written for a link or a referral, or null when nobody was asked. */
export async function readDraft(tx: Tx, of: DraftOf, now: Date): Promise<DraftRow | null> {
  const [row] = await tx.query<Row>(
    `SELECT id, state, reason, model, words, own_words AS "ownWords", asked_at AS "askedAt",
            CASE WHEN rewrites_on = ($4::timestamptz AT TIME ZONE 'UTC')::date THEN rewrites ELSE 0 END AS rewrites
       FROM drafts WHERE shop_id = $1 AND kind = $2 AND subject_id = $3`,
    [of.shopId, of.kind, of.subjectId, now],
  );
  return row === undefined ? null : { ...row, words: wordsOf(row.words), ownWords: wordsOf(row.ownWords) };
}

/** Notes that the model is about to be asked. @returns false when somebody asked before: then it is not asked again */
export async function askDraft(tx: Tx, of: DraftOf & { id: string; now: Date }): Promise<boolean> {
  const count = await tx.execute(
    "INSERT INTO drafts (shop_id, id, kind, subject_id, asked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    [of.shopId, of.id, of.kind, of.subjectId, of.now],
  );
  return count === 1;
}

/** Keeps what came of asking. What was decided before, since it took too long, stays decided. */
export async function endDraft(tx: Tx, draft: DraftOf & { result: DraftResult; now: Date }): Promise<boolean> {
  const { result } = draft;
  const isWritten = result.outcome === "written";
  const count = await tx.execute(
    `UPDATE drafts SET state = $4, model = $5, words = $6, reason = $7, ended_at = $8
      WHERE shop_id = $1 AND kind = $2 AND subject_id = $3 AND state = 'asked'`,
    [
      draft.shopId,
      draft.kind,
      draft.subjectId,
      result.outcome,
      isWritten ? result.model : null,
      JSON.stringify(isWritten ? result.words : {}),
      isWritten ? null : result.reason,
      draft.now,
    ],
  );
  return count === 1;
}

export type DraftResult =
  | { readonly outcome: "written"; readonly model: string; readonly words: DraftWords }
  | { readonly outcome: "templates"; readonly reason: string };

/** Counts one rewrite of a customer's invite, if the day has one left: the row count is the right to ask the model again. */
export async function countRewrite(
  tx: Tx,
  of: DraftOf & { id: string; now: Date; mostADay: number },
): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO drafts AS d (shop_id, id, kind, subject_id, state, reason, asked_at, ended_at, rewrites_on, rewrites)
     VALUES ($1, $2, $3, $4, 'templates', 'rewritten', $5, $5, ($5::timestamptz AT TIME ZONE 'UTC')::date, 1)
     ON CONFLICT (shop_id, kind, subject_id) DO UPDATE
        SET rewrites = CASE WHEN d.rewrites_on = excluded.rewrites_on THEN d.rewrites + 1 ELSE 1 END, rewrites_on = excluded.rewrites_on
      WHERE d.rewrites_on IS DISTINCT FROM excluded.rewrites_on OR d.rewrites < $6`,
    [of.shopId, of.id, of.kind, of.subjectId, of.now, of.mostADay],
  );
  return count === 1;
}

/** Puts new words of the model in the place of the old ones; the customer's own make way for them. */
export async function replaceWords(
  tx: Tx,
  draft: DraftOf & { model: string; words: DraftWords; now: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE drafts SET state = 'written', model = $4, words = $5, own_words = '{}', reason = NULL, ended_at = $6
      WHERE shop_id = $1 AND kind = $2 AND subject_id = $3`,
    [draft.shopId, draft.kind, draft.subjectId, draft.model, JSON.stringify(draft.words), draft.now],
  );
}

/** Keeps what a customer made of their invite; null takes it back. */
export async function keepOwnWords(
  tx: Tx,
  draft: DraftOf & { id: string; noteKind: NoteKind; words: string | null; now: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO drafts AS d (shop_id, id, kind, subject_id, state, reason, own_words, asked_at, ended_at)
     VALUES ($1, $2, $3, $4, 'templates', 'not_asked', jsonb_strip_nulls(jsonb_build_object($5::text, $6::text)), $7, $7)
     ON CONFLICT (shop_id, kind, subject_id) DO UPDATE
        SET own_words = jsonb_strip_nulls(d.own_words || jsonb_build_object($5::text, $6::text))`,
    [draft.shopId, draft.id, draft.kind, draft.subjectId, draft.noteKind, draft.words, draft.now],
  );
}

/** Forgets what was written for a person's links and for the referrals that they take part in. */
export async function eraseDrafts(tx: Tx, shopId: string, personId: string): Promise<void> {
  await tx.execute(
    `DELETE FROM drafts d WHERE d.shop_id = $1 AND d.subject_id IN (
       SELECT c.id FROM codes c JOIN people p ON p.shop_id = c.shop_id AND p.id = c.person_id
        WHERE c.shop_id = $1 AND $2::uuid IN (p.id, p.merged_into)
       UNION ALL
       SELECT r.id FROM referrals r JOIN people p ON p.shop_id = r.shop_id AND p.id IN (r.friend_person, r.referrer_person)
        WHERE r.shop_id = $1 AND $2::uuid IN (p.id, p.merged_into))`,
    [shopId, personId],
  );
}

/** Only kinds that there are, and only text: what else the column may hold is passed over. */
function wordsOf(value: unknown): DraftWords {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    NOTE_KINDS.flatMap((kind) => (typeof value[kind] === "string" ? [[kind, value[kind]] as const] : [])),
  );
}
