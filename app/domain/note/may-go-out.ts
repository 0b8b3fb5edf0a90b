import type { NoteKind } from "./note-kind.ts";
import { tokensOf } from "./note-kind.ts";

const LENGTH_MIN = 40;
const LENGTH_MAX = 400;

export type NoteRefusal =
  | "too_short"
  | "too_long"
  | "hidden_character"
  | "token_not_allowed"
  | "link_not_once"
  | "link_not_apart"
  | "url"
  | "email"
  | "number"
  | "markup"
  | "other_script"
  | "profanity";
export type NoteGate =
  { readonly outcome: "may_go_out" } | { readonly outcome: "refused"; readonly reason: NoteRefusal };

/** Stands for a filled token, so that "{{name}}.com" reads as the address that it would become. */
const FILLED = "x";
/** A link that touches other characters would lead somewhere else; a full stop or the like may follow. */
const LINK_APART = /(?:^|\s)\{\{link\}\}(?:[.,!?]?(?:\s|$))/;
const TOKEN = /\{\{(\w*)\}\}/g;
/** Control, zero-width, bidirectional, private and broken characters, and line separators. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
/** A scheme, a www, or a dot with a domain's ending behind it. */
const URL_LIKE = /:\/\/|\bwww\b|[.\u3002\uFF0E\uFF61]\p{L}{2,}/iu;
/** Digits and currency signs: every amount comes out of the ledger, so that a draft needs none. */
const NUMBER_LIKE = /[\p{N}\p{Sc}%]/u;
const MARKUP = /[<>&*_#[\]`~|\\{}]/;
const OTHER_SCRIPT = /(?!\p{Script=Latin})\p{L}/u;
const PROFANE =
  /\b(?:arse|ass|asshole|bastard|bitch|bollocks|crap|cunt|damn|dick|fuck\w*|piss\w*|shit\w*|slut|twat|wank\w*|whore)\b/i;

/** What a draft is held against, in this order, after its length and its tokens. */
const REFUSALS: readonly (readonly [NoteRefusal, RegExp])[] = [
  ["email", /[@\uFF20]/],
  ["url", URL_LIKE],
  ["number", NUMBER_LIKE],
  ["markup", MARKUP],
  ["other_script", OTHER_SCRIPT],
  ["profanity", PROFANE],
];

/**
 * The gate between written words and a customer: decides whether a draft, tokens still in it, may go out. It needs no trust in
 * who wrote it. The templates are English, so another script is taken for the wrong language.
 */
export function mayGoOut(draft: string, kind: NoteKind): NoteGate {
  const reason = refusalOfShape(draft, kind) ?? refusalOfWords(draft.normalize("NFKC").replace(TOKEN, FILLED));
  return reason === null ? { outcome: "may_go_out" } : { outcome: "refused", reason };
}

function refusalOfShape(draft: string, kind: NoteKind): NoteRefusal | null {
  if (draft.length < LENGTH_MIN) return "too_short";
  if (draft.length > LENGTH_MAX) return "too_long";
  if (HIDDEN.test(draft)) return "hidden_character";
  const tokens = draft
    .matchAll(TOKEN)
    .map(([, word = ""]) => word)
    .toArray();
  const allowed: readonly string[] = tokensOf(kind);
  if (tokens.some((word) => !allowed.includes(word))) return "token_not_allowed";
  if (kind !== "invite") return null;
  if (tokens.filter((word) => word === "link").length !== 1) return "link_not_once";
  return LINK_APART.test(draft) ? null : "link_not_apart";
}

function refusalOfWords(words: string): NoteRefusal | null {
  return REFUSALS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}
