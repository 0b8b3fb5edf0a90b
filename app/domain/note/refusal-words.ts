import type { NoteRefusal } from "./may-go-out.ts";

const MESSAGES: Readonly<Record<NoteRefusal, string>> = {
  too_short: "At least 40 characters are needed.",
  too_long: "This is too long: 400 characters at most, 160 for a text message.",
  hidden_character: "There is a line break or an invisible character in it.",
  token_not_allowed: "Something in double braces is not known here.",
  link_not_once: "The link has to stand in it exactly once.",
  link_not_apart: "The link has to stand by itself, with a space before and after it.",
  url: "There is another web address in it.",
  email: "There is an e-mail address in it.",
  number: "Leave numbers, amounts and percentages to the reward: it is filled in.",
  amount: "Leave money and percentages to the reward: it is filled in.",
  code: "A word in capitals reads like a discount code.",
  markup: "Plain text only: no HTML, Markdown or brackets.",
  profanity: "There is a word in it that is not sent to customers.",
  other_language: "This does not read like the language it is for.",
};

/** Why words may not go out, as a sentence for whoever wrote them. */
export function refusalMessage(reason: NoteRefusal): string {
  return MESSAGES[reason];
}
