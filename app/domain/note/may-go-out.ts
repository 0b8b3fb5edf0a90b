import { isProfaneText, namesAnAmount } from "./forbidden-words.ts";
import type { Language } from "./language.ts";
import { isInvite, tokensOf } from "./note-kind.ts";
import type { NoteKind } from "./note-kind.ts";
import { isInLanguage } from "./right-language.ts";

/** In characters, tokens as they are written. A short invite must fit a text message with its link in it. */
const LENGTH_LIMITS: { readonly [K in NoteKind]: readonly [least: number, most: number] } = {
  invite: [40, 400],
  invite_short: [40, 160],
  thanks_referrer: [40, 400],
  thanks_friend: [40, 400],
  thanks_welcome: [40, 400],
};

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
  | "amount"
  | "code"
  | "markup"
  | "profanity"
  | "other_language";
export type NoteGate =
  { readonly outcome: "may_go_out" } | { readonly outcome: "refused"; readonly reason: NoteRefusal };

/** What a draft is to be: which note, in which language, of which shop. */
export type NoteFor = { readonly kind: NoteKind; readonly language: Language; readonly shopName: string };

/** Stands for a filled token, so that "{{name}}.com" reads as the address that it would become. */
const FILLED = "x";
/** A link that touches other characters would lead somewhere else; a full stop or the like may follow. */
const LINK_APART = /(?:^|\s)\{\{link\}\}(?:[.,!?。！？]?(?:\s|$))/u;
const TOKEN = /\{\{(\w*)\}\}/g;
/** Control, zero-width, bidirectional, private, unassigned and broken characters, and line separators. */
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u;
/** A scheme (with slashes or of the kind that needs none), a www, a dot with letters behind it, or one that is spelled out. */
const URL_LIKE =
  /:\/\/|\b(?:mailto|tel|sms|data|javascript|whatsapp|intent):|\bwww\b|[.\u3002\uFF0E\uFF61]\p{Script=Latin}{2,}|\bdot\s+(?:com|net|org|io|co|shop|me)\b/iu;
const EMAIL_LIKE = /[@\uFF20\uFE6B]/;
/** Digits in any script, and signs of money and shares: every amount comes out of the ledger, so that a draft needs none. */
const NUMBER_LIKE = /[\p{N}\p{Sc}%‰٪]/u;
/** Four capitals in a row read as a discount code; the shop's own name may have them. */
const CODE_LIKE = /\p{Lu}{4,}/u;
const MARKUP = /[<>&*_#[\]`~|\\{}^]/;

/** What the words are held against, in this order, after shape and tokens. */
const REFUSALS: readonly (readonly [NoteRefusal, (words: string, to: NoteFor) => boolean])[] = [
  ["email", (words) => EMAIL_LIKE.test(words)],
  ["url", (words) => URL_LIKE.test(words)],
  ["number", (words) => NUMBER_LIKE.test(words)],
  ["amount", (words) => namesAnAmount(words)],
  ["markup", (words) => MARKUP.test(words)],
  ["code", (words, { shopName }) => CODE_LIKE.test(without(words, shopName))],
  ["profanity", (words) => isProfaneText(words)],
  ["other_language", (words, { shopName, language }) => !isInLanguage(without(words, shopName), language)],
];

/**
 * The gate between written words and a customer: decides whether a draft, tokens still in it, may go out. It needs no trust in
 * who wrote it: a model, a merchant, a customer.
 */
export function mayGoOut(draft: string, to: NoteFor): NoteGate {
  const reason = refusalOfShape(draft, to.kind) ?? refusalOfWords(draft, to);
  return reason === null ? { outcome: "may_go_out" } : { outcome: "refused", reason };
}

function refusalOfShape(draft: string, kind: NoteKind): NoteRefusal | null {
  const [least, most] = LENGTH_LIMITS[kind];
  if (draft.trim().length < least) return "too_short";
  if (draft.length > most) return "too_long";
  if (HIDDEN.test(draft)) return "hidden_character";
  const tokens = draft
    .matchAll(TOKEN)
    .map(([, word = ""]) => word)
    .toArray();
  const allowed: readonly string[] = tokensOf(kind);
  if (tokens.some((word) => !allowed.includes(word))) return "token_not_allowed";
  if (!isInvite(kind)) return null;
  if (tokens.filter((word) => word === "link").length !== 1) return "link_not_once";
  return LINK_APART.test(draft) ? null : "link_not_apart";
}

function refusalOfWords(draft: string, to: NoteFor): NoteRefusal | null {
  const words = draft.normalize("NFKC").replace(TOKEN, FILLED);
  return REFUSALS.find(([, isRefused]) => isRefused(words, to))?.[0] ?? null;
}

function without(words: string, shopName: string): string {
  return shopName === "" ? words : words.replaceAll(shopName.normalize("NFKC"), FILLED);
}
