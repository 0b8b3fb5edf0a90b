import type { Language } from "#app/domain/note/language.ts";
import type { TokenUsage } from "#app/domain/note/model-price.ts";
import type { NoteKind } from "#app/domain/note/note-kind.ts";
import type { RewardKind } from "#app/domain/terms/terms.ts";
import type { MailSender } from "./ports.ts";

/** One note to write. Nothing in it is a secret, an address or an amount. */
export type WordsPart = {
  readonly kind: NoteKind;
  readonly language: Language;
  readonly offer: RewardKind;
  /** A cleaned first name, or null. */
  readonly name: string | null;
};
export type WordsAsk = {
  readonly shopName: string;
  /** How the shop likes to sound. */
  readonly voice: string | null;
  readonly parts: readonly WordsPart[];
};
export type WordsTrouble =
  "resting" | "too_slow" | "busy" | "unreachable" | "unavailable" | "key_refused" | "request_refused" | "unreadable";
export type WordsAnswer =
  | {
      readonly outcome: "written";
      /** As the model wrote them, by the kind of note: to be held to the gate. */
      readonly words: Readonly<Partial<Record<NoteKind, string>>>;
      readonly usage: TokenUsage;
    }
  | { readonly outcome: "trouble"; readonly reason: WordsTrouble; readonly mayHaveCost: boolean };

/** A model that writes words, within three seconds or not at all. Never called inside a transaction. */
export type WordsWriter = { readonly model: string; write(ask: WordsAsk): Promise<WordsAnswer> };

/** Sends one text message; outcomes as those of a mail. */
export type SmsSender = {
  send(message: { readonly to: string; readonly text: string }): ReturnType<MailSender["send"]>;
};
