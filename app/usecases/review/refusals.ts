import { notAllowed } from "./reviewing.ts";
import type { ReviewResult } from "./reviewing.ts";

/** Guards of the database that a decision may run into when the world moved meanwhile, in words. */
const WORDS: Readonly<Record<string, string>> = {
  referral_guard:
    "This friend cannot have that referral any more: another one, or a merge of customers, is in the way.",
  undone_once: "This rejection was undone before.",
  one_claw_back: "There is a receivable for this reward already.",
  one_per_case: "This was booked on the case before.",
  replaced_once: "It was replaced before.",
  replacement_agrees: "A replacement takes what was broken off a withdrawn or expired reward, and nothing else.",
  ledger_effects: "The ledger refuses this for the person of this case.",
  reward_remaining: "The reward was used meanwhile.",
};

/**
 * Runs a decision; what the database refuses by the name of a guard becomes an answer in words, and nothing has happened.
 * Any other error is thrown on.
 */
export async function withRefusalsInWords(decide: () => Promise<ReviewResult>): Promise<ReviewResult> {
  try {
    return await decide();
  } catch (error) {
    const guard = error instanceof Error && "constraint" in error ? String(error.constraint) : "";
    const words = WORDS[guard];
    if (words === undefined) throw error;
    return notAllowed(words);
  }
}
