import type { Language } from "./language.ts";
import type { NoteKind } from "./note-kind.ts";
import { phrasesOf } from "./phrases.ts";

/** The fixed words of a note in a language, with tokens to fill: what stands behind every other wording. */
export function noteTemplate(kind: NoteKind, hasName: boolean, language: Language = "en"): string {
  const { named, unnamed } = phrasesOf(language).notes[kind];
  return hasName ? named : unnamed;
}
