import type { ReferralState } from "../referral/state.ts";
import type { Side } from "../reward/side.ts";

/** What a person can do with a case. */
export const REVIEW_INTENTS = [
  "approve",
  "reject",
  "undo",
  "note",
  "leave",
  "withdraw",
  "claw_back",
  "waive",
  "goodwill",
  "replacement",
  "mark_issued",
  "send_again",
] as const;
export type ReviewIntent = (typeof REVIEW_INTENTS)[number];
/** A choice that is more than a note. */
export type ChoiceIntent = Exclude<ReviewIntent, "note">;

export type CaseKind =
  "fraud_hold" | "reward_cap" | "refund_after_reward" | "unknown_fulfilment" | "appeal" | "conflict";

/** One side's newest reward, as far as a choice depends on it. */
export type ChoiceReward = {
  readonly id: string;
  readonly side: Side;
  readonly kind: "earned" | "welcome" | "goodwill" | "replacement";
  readonly status: string;
  readonly remaining: bigint;
  readonly replaced: boolean;
  readonly clawedBack: boolean;
  /** It belongs to the person whom the case is about: only their reward can become a receivable of the case. */
  readonly ofCasePerson: boolean;
};

export type ChoiceFacts = {
  readonly kind: CaseKind;
  readonly state: "open" | "closed";
  /** Null for a case of no referral. */
  readonly referral: { readonly state: ReferralState; readonly undone: boolean } | null;
  /** The receivable that is not yet set off, in minor units. */
  readonly clawOpen: bigint;
  /** Purposes of entries that name the case: each is possible once a case. */
  readonly booked: readonly string[];
  readonly rewards: readonly ChoiceReward[];
};

/** A choice that fits the case, and why it cannot be made just now; null when it can. */
export type Choice = {
  readonly intent: ChoiceIntent;
  readonly obstacle: string | null;
  /** The sides it can be made for; empty where it concerns the whole case. */
  readonly sides: readonly Side[];
};

const WITHDRAWABLE: ReadonlySet<string> = new Set(["owed", "issued", "blocked"]);
const BROKEN_OFF: ReadonlySet<string> = new Set(["cancelled", "expired"]);
const ASKS: Readonly<Record<CaseKind, readonly ChoiceIntent[]>> = {
  fraud_hold: ["approve", "reject"],
  reward_cap: ["approve", "reject"],
  refund_after_reward: ["leave", "withdraw", "claw_back"],
  unknown_fulfilment: ["mark_issued", "send_again", "leave"],
  appeal: ["leave"],
  conflict: ["leave", "withdraw"],
};

/**
 * The choices that a case offers: the same list draws the buttons and lets the use cases through. The database refuses
 * every misuse once more by itself.
 */
export function choicesFor(facts: ChoiceFacts): readonly Choice[] {
  const asked = facts.state === "open" ? ASKS[facts.kind].map((intent) => choice(intent, facts)) : [];
  const standing = (["undo", "waive", "replacement", "goodwill"] as const).filter((intent) => fits(intent, facts));
  return [...asked, ...standing.map((intent) => choice(intent, facts))];
}

/** Finds one choice among those that a case offers. @returns null when the case does not offer it at all */
export function choiceOf(facts: ChoiceFacts, intent: ChoiceIntent): Choice | null {
  return choicesFor(facts).find((each) => each.intent === intent) ?? null;
}

function fits(intent: "undo" | "waive" | "replacement" | "goodwill", facts: ChoiceFacts): boolean {
  const { kind, state, referral, clawOpen } = facts;
  const isHold = kind === "fraud_hold" || kind === "reward_cap";
  switch (intent) {
    case "undo":
      return state === "closed" && referral?.state === "REJECTED";
    case "waive":
      return clawOpen > 0n;
    case "replacement":
      return !isHold && facts.rewards.some((reward) => BROKEN_OFF.has(reward.status) && reward.kind !== "welcome");
    case "goodwill":
      return !isHold && kind !== "unknown_fulfilment" && referral !== null;
  }
}

function choice(intent: ChoiceIntent, facts: ChoiceFacts): Choice {
  const { rewards, booked, referral } = facts;
  const on = (rewardFits: (reward: ChoiceReward) => boolean, obstacle: string): Choice => {
    const sides = [...new Set(rewards.filter(rewardFits).map((reward) => reward.side))];
    return { intent, sides, obstacle: sides.length === 0 ? obstacle : null };
  };
  switch (intent) {
    case "approve":
    case "reject":
    case "leave":
    case "waive":
      return { intent, sides: [], obstacle: null };
    case "undo":
      return { intent, sides: [], obstacle: referral?.undone === true ? "This rejection was undone before." : null };
    case "withdraw":
      return on(isUnused, "There is no unused code: it was used, has ended, or is being issued at this moment.");
    case "claw_back":
      if (booked.includes("claw_back")) return { intent, sides: [], obstacle: "This case has a receivable already." };
      return on(
        isSpent,
        "The referrer has not used the reward: withdraw the code instead. A receivable is for what was used.",
      );
    case "goodwill":
      if (booked.includes("goodwill"))
        return { intent, sides: [], obstacle: "A goodwill reward was given on this case." };
      return { intent, sides: [1, 2], obstacle: null };
    case "replacement":
      if (booked.includes("replacement"))
        return { intent, sides: [], obstacle: "A replacement was given on this case." };
      return on(
        (reward) => BROKEN_OFF.has(reward.status) && reward.kind !== "welcome" && !reward.replaced,
        "It was replaced before.",
      );
    case "mark_issued":
    case "send_again":
      return on((reward) => reward.status === "unknown", "No reward of this referral has an unknown outcome any more.");
  }
}

/** Nothing of it was used, and nobody is sending it at this moment. */
export function isUnused(reward: ChoiceReward): boolean {
  return WITHDRAWABLE.has(reward.status) && (reward.remaining > 0n || reward.kind === "welcome");
}

/** Its value has reached the person whom the case is about: a used code, store credit, a gift card. */
export function isSpent(reward: ChoiceReward): boolean {
  const hasReached = reward.status === "redeemed" || reward.status === "issued";
  return (
    reward.ofCasePerson && hasReached && reward.remaining === 0n && reward.kind !== "welcome" && !reward.clawedBack
  );
}
