import type { NoteKind } from "./note-kind.ts";

type Wording = { readonly named: string; readonly unnamed: string };

/** In the invite the name is the sender's, in the thanks the other person's. */
const ENGLISH: { readonly [K in NoteKind]: Wording } = {
  invite: {
    named:
      "{{name}} here. I buy from this shop and like it. Your first order brings you {{reward}} when you start from my link: {{link}}",
    unnamed:
      "I buy from this shop and like it. Your first order brings you {{reward}} when you start from my link: {{link}}",
  },
  thanks_referrer: {
    named: "Thank you for bringing {{name}} to us. Their first order is complete, so here is your reward: {{reward}}.",
    unnamed:
      "Thank you for bringing a friend to us. Their first order is complete, so here is your reward: {{reward}}.",
  },
  thanks_friend: {
    named: "Welcome, and thank you for your first order. As {{name}} sent you to us, here is your reward: {{reward}}.",
    unnamed:
      "Welcome, and thank you for your first order. As a friend sent you to us, here is your reward: {{reward}}.",
  },
  thanks_welcome: {
    named: "Welcome, and thank you for your first order. {{name}} sent you to us, which brought you {{reward}} on it.",
    unnamed:
      "Welcome, and thank you for your first order. A friend sent you to us, which brought you {{reward}} on it.",
  },
};

/** The fixed words of a note, with tokens to fill. Used whenever nobody wrote better ones. */
export function noteTemplate(kind: NoteKind, hasName: boolean): string {
  return hasName ? ENGLISH[kind].named : ENGLISH[kind].unnamed;
}
