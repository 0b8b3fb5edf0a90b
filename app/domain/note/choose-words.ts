import type { FilledNote } from "./fill-note.ts";
import { fillNote } from "./fill-note.ts";
import type { Language } from "./language.ts";
import { mayGoOut } from "./may-go-out.ts";
import type { NoteKind, NoteToken } from "./note-kind.ts";
import { noteTemplate } from "./template.ts";

/** Words that somebody wrote, and who: `own` for the customer, `model:<name>`, `edited:<language>` for the merchant. */
export type Candidate = { readonly words: string; readonly source: string };
export type ChosenWords = { readonly text: string; readonly source: string };

/**
 * The words of a note: the first candidate that passes the gate and has every token filled, else the fixed template, which always
 * does. Stored words are held to the gate again: rules may have become stricter since.
 *
 * @param judge the gate; another only to show that it is needed
 * @param to.values what code puts into the tokens; without a `name`, words that use it are passed over
 */
export function chooseWords(
  to: {
    readonly kind: NoteKind;
    readonly language: Language;
    readonly shopName: string;
    readonly values: Readonly<Partial<Record<NoteToken, string>>>;
  },
  candidates: readonly Candidate[],
  judge: typeof mayGoOut = mayGoOut,
): ChosenWords {
  for (const { words, source } of candidates) {
    if (judge(words, to).outcome !== "may_go_out") continue;
    const filled = fillNote(words, to.values);
    if (filled.outcome === "filled") return { text: filled.text, source };
  }
  const standing = fillNote(noteTemplate(to.kind, to.values.name !== undefined, to.language), to.values);
  return { text: textOf(standing), source: `template:${to.language}` };
}

function textOf(filled: FilledNote): string {
  if (filled.outcome === "filled") return filled.text;
  throw new Error(`a fixed template has no value for its token ${filled.token}`);
}
