import type { Language } from "./domain/note/language.ts";
import type { NoteKind } from "./domain/note/note-kind.ts";

/** What is set about words and messages, and what came of them. */
export type WordsView = {
  readonly shopName: string;
  /** How the shop sounds, from the terms in force. */
  readonly voice: string | null;
  readonly language: Language;
  readonly modelOn: boolean;
  readonly quietFrom: number;
  readonly quietTo: number;
  readonly timezone: string | null;
  readonly teamMail: readonly string[];
  /** Of this month; `usd` is a decimal with cents. */
  readonly spend: {
    readonly calls: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly usd: string;
  };
  /** The merchant's own wordings. */
  readonly templates: readonly { readonly kind: NoteKind; readonly language: Language; readonly body: string }[];
  /** Messages that failed for good, or whose end nobody knows, newest first. */
  readonly messages: readonly {
    readonly id: string;
    readonly at: string;
    readonly side: "referrer" | "friend";
    readonly channel: string;
    readonly state: "failed" | "unknown";
    readonly reason: string | null;
    readonly referralId: string | null;
  }[];
};
