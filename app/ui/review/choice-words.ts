import type { ChoiceIntent } from "../../domain/review/choices.ts";
import { humanise } from "../format.ts";

type Words = { readonly label: string; readonly meaning: string; readonly look: "primary" | "critical" | "plain" };

/** Each choice on a case: the words of its button, and what happens when it is pressed. */
export const CHOICE_WORDS: Readonly<Record<ChoiceIntent, Words>> = {
  approve: { label: "Approve", meaning: "Both are paid when the cooling-off ends.", look: "primary" },
  reject: { label: "Reject", meaning: "Nobody is paid. Needs the reason above.", look: "critical" },
  undo: {
    label: "Undo the rejection",
    meaning: "The referral runs on as a new one, with the same order and evidence. Possible once.",
    look: "plain",
  },
  leave: { label: "Leave it", meaning: "Everything stays as it is, and the case is closed.", look: "primary" },
  withdraw: {
    label: "Withdraw unused code",
    meaning: "The code is deleted from your shop and can no longer be used.",
    look: "critical",
  },
  claw_back: {
    label: "Set off later",
    meaning: "The used reward becomes a receivable: the referrer's next whole reward is set off against it.",
    look: "plain",
  },
  waive: { label: "Waive the rest", meaning: "Whatever is not yet set off is let go.", look: "plain" },
  goodwill: {
    label: "Give goodwill reward",
    meaning: "One side gets once more what your offer promises, at your cost. Once a case.",
    look: "plain",
  },
  replacement: {
    label: "Replace the reward",
    meaning: "What was withdrawn or ran out is given again under a new code. Once a reward.",
    look: "plain",
  },
  mark_issued: {
    label: "It is there: confirm",
    meaning: "You found the reward in Shopify. It counts as given and the customer is told.",
    look: "primary",
  },
  send_again: {
    label: "It is not there: send again",
    meaning: "You looked and found nothing. The reward is sent once more.",
    look: "critical",
  },
};

const DECISION_WORDS: Readonly<Record<string, string>> = {
  approved: "Approved",
  rejected: "Rejected",
  left: "Left as it was",
  opened: "Referral opened",
  withdrawn: "Code withdrawn",
  clawed_back: "To be set off",
  waived: "Waived",
  goodwill: "Goodwill given",
  replaced: "Replaced",
  issued: "Confirmed",
  sent_again: "Sent again",
  expired: "Expired meanwhile",
  voided: "Voided meanwhile",
};

/** What was decided, as a badge says it. */
export function decisionWords(decision: string | null): string {
  return decision === null ? "Open" : (DECISION_WORDS[decision] ?? humanise(decision));
}
