import type { FiredRuleView } from "../read-models.ts";
import { humanise } from "./format.ts";

type RuleWords = { readonly title: string; readonly meaning: string };

const RULE_WORDS: Readonly<Record<string, RuleWords>> = {
  same_account: { title: "Same customer", meaning: "The friend's customer account is the referrer's own." },
  same_email: { title: "Same e-mail", meaning: "Both use one mailbox, aliases and dots aside." },
  same_phone: { title: "Same phone number", meaning: "Both gave the same phone number." },
  same_card_and_device: {
    title: "Same card and browser",
    meaning: "The order came from the referrer's browser and was paid with the referrer's card.",
  },
  numbered_mailbox: {
    title: "Mailbox with a number more",
    meaning:
      "The e-mail address is the referrer's with a number behind the name, and card or browser is the referrer's too.",
  },
  stopped_before: {
    title: "Stopped before",
    meaning:
      "Card or browser is the referrer's, and somebody else on it was stopped as the referrer's own second account.",
  },
  same_card: {
    title: "Same card",
    meaning: "The order was paid with a card that looks like the referrer's. Couples and families share cards.",
  },
  same_device: {
    title: "Same browser",
    meaning: "The order came from a browser that the referrer has used. Households share computers.",
  },
  same_address: { title: "Same address", meaning: "The order goes to the referrer's address." },
  near_address: {
    title: "Almost the same address",
    meaning: "The delivery address differs from the referrer's by a typing error or an abbreviation.",
  },
  match_again: {
    title: "Not the first match",
    meaning: "Other people in your referrals share a card, a browser or an address with this referrer too.",
  },
  similar_email: { title: "Similar e-mail", meaning: "The two e-mail addresses differ by a single letter." },
  same_network: {
    title: "Same network",
    meaning: "The order came from a network that the referrer used in the same weeks.",
  },
  duplicate_person: {
    title: "Referred before",
    meaning: "This person already has a referral that is open or was rewarded.",
  },
  duplicate_household: {
    title: "Same household",
    meaning: "Card and address match a friend who was referred earlier.",
  },
  existing_customer: {
    title: "Existing customer",
    meaning: "This person had bought from the shop before the link was tapped.",
  },
  click_velocity: { title: "Burst of taps", meaning: "The link was tapped unusually often around that time." },
  signup_velocity: {
    title: "Burst of sign-ups",
    meaning: "Unusually many people signed up through the link around that time.",
  },
  too_fast: { title: "Too fast for a person", meaning: "Only seconds lie between the tap and the order." },
  bot_agent: { title: "Automated browser", meaning: "Tap or order came from a browser that robots use." },
  coupon_source: { title: "Coupon site", meaning: "The tap came from a coupon or cash-back site." },
  claim_spray: { title: "Many e-mails claimed", meaning: "Unusually many e-mail addresses were given on this link." },
  disposable_email: {
    title: "Throw-away e-mail",
    meaning: "The e-mail address is of a kind that is thrown away after use.",
  },
  order_risk: { title: "Risky order", meaning: "Shopify advises to look at this order." },
  refund_history: {
    title: "Refunds before",
    meaning: "Several of the referrer's recent rewarded orders were refunded.",
  },
  ring: { title: "Referral ring", meaning: "The referrals lead back to where they began." },
  block_list: { title: "Block list", meaning: "Somebody or something here is on your own block list." },
  reward_cap: { title: "Reward limit", meaning: "The referrer has reached the limit of rewards in your terms." },
  rule_failed: {
    title: "A rule could not look",
    meaning: "One rule of the screen broke, so nobody was paid. Please look yourself; the rule is named.",
  },
  evidence_missing: {
    title: "Order could not be read",
    meaning: "Shopify did not answer for a day, so the order could not be checked.",
  },
};

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  block: "Blocks",
  hold: "Holds",
  score: "Adds to the score",
  none: "Adds to the score",
};

/** A fired rule in plain words; an unknown id is shown by its own name. */
export function ruleWords(rule: Pick<FiredRuleView, "id">): RuleWords {
  return RULE_WORDS[rule.id] ?? { title: humanise(rule.id), meaning: "This rule of the screen fired." };
}

/** What a rule does when it fires. */
export function outcomeWords(outcome: string): string {
  return OUTCOME_WORDS[outcome] ?? humanise(outcome);
}

/** The numbers that a rule saw, "orders 2, days apart 3"; empty when it saw none. */
export function evidenceWords(evidence: FiredRuleView["evidence"]): string {
  return Object.entries(evidence)
    .filter(([, value]) => value !== true)
    .map(([name, value]) => `${humanise(name).toLowerCase()} ${String(value)}`)
    .join(", ");
}

const CASE_WORDS: Readonly<Record<string, { readonly title: string; readonly question: string }>> = {
  fraud_hold: {
    title: "Held by the screen",
    question: "Are these two different people? If so, approve; both are paid once the cooling-off is over.",
  },
  reward_cap: {
    title: "Over the reward limit",
    question: "The referrer reached the limit in your terms. Approve to make an exception.",
  },
  refund_after_reward: {
    title: "Refunded after the reward",
    question:
      "Something was taken back from the order after the reward was given. Nothing happens by itself: you may leave it, " +
      "withdraw a code that was not used, or ask for a used reward to be set off against the referrer's next one.",
  },
  unknown_fulfilment: {
    title: "Reward not confirmed",
    question:
      "Shopify never said whether this reward was given. Look for it in Shopify first: if it is there, confirm it; if it is " +
      "not, send it again.",
  },
  appeal: {
    title: "Appeal",
    question:
      "A customer says that a friend of theirs was not credited. If the friend's order shows it, open the referral by hand; or " +
      "leave it, and answer them yourself.",
  },
  conflict: {
    title: "Conflict",
    question: "Two facts contradict each other: look at both and decide what holds. The reason says which.",
  },
};

/** A kind of case in the merchant's words. */
export function caseWords(kind: string): { readonly title: string; readonly question: string } {
  return CASE_WORDS[kind] ?? { title: humanise(kind), question: "A person has to decide." };
}
