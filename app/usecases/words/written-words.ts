import type { DraftRow } from "#app/data/drafts.repo.ts";
import type { Candidate } from "#app/domain/note/choose-words.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import { invariant } from "#app/platform/errors.ts";

/** @returns what the model wrote for one kind of note, and which model it was; nothing where it wrote nothing that passed */
export function writtenWords(draft: DraftRow | null, kind: NoteKind): Candidate[] {
  const words = draft?.words[kind];
  if (draft === null || words === undefined) return [];
  invariant(draft.model !== null, "a draft that was written names its model");
  return [{ words, source: `model:${draft.model}` }];
}
