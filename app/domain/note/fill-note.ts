import type { NoteToken } from "./note-kind.ts";
import { NOTE_TOKENS } from "./note-kind.ts";

export type FilledNote =
  { readonly outcome: "filled"; readonly text: string } | { readonly outcome: "unfilled"; readonly token: string };

/**
 * Puts values into a note's tokens, in one pass, so that a value that looks like a token stays text. Returns the text, or the
 * first token for which there is no value: a note with a gap is never sent.
 */
export function fillNote(template: string, values: Readonly<Partial<Record<NoteToken, string>>>): FilledNote {
  let unfilled: string | null = null;
  const text = template.replace(/\{\{(\w*)\}\}/g, (whole: string, word: string) => {
    const token = NOTE_TOKENS.find((known) => known === word);
    const value = token === undefined ? undefined : values[token];
    if (value === undefined) unfilled ??= word;
    return value ?? whole;
  });
  return unfilled === null ? { outcome: "filled", text } : { outcome: "unfilled", token: unfilled };
}
