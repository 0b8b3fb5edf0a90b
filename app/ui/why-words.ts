import type { ReferralStateView, WhyFacts } from "../read-models.ts";
import { formatDay, humanise } from "./format.ts";

type Tone = "attention" | "warning" | "success" | "critical" | "info" | "new" | undefined;

/** A state in the merchant's words, with the badge's colour. */
export const STATE_WORDS: Readonly<Record<ReferralStateView, { readonly label: string; readonly tone: Tone }>> = {
  PENDING: { label: "Pending", tone: "attention" },
  HELD: { label: "Held", tone: "warning" },
  REWARDED: { label: "Rewarded", tone: "success" },
  REJECTED: { label: "Rejected", tone: "critical" },
  EXPIRED: { label: "Expired", tone: undefined },
  VOIDED: { label: "Voided", tone: undefined },
};

const REASON_WORDS: Readonly<Record<string, string>> = {
  same_account: "Referrer and friend are the same customer",
  same_email: "Referrer and friend share an e-mail address",
  same_phone: "Referrer and friend share a phone number",
  same_card_and_device: "Same card and same browser as the referrer",
  numbered_mailbox: "The referrer's card or browser, and their e-mail address with a number more",
  stopped_before: "The referrer's card or browser, on which a second account was stopped before",
  match_again: "Several people in referrals share a card, a browser or an address",
  same_card: "Paid with the referrer's card",
  same_device: "Same browser as the referrer",
  same_address: "Delivered to the referrer's address",
  near_address: "Delivered next to the referrer's address",
  similar_email: "E-mail address almost the same as the referrer's",
  duplicate_person: "This person was referred before",
  duplicate_household: "Same household as an earlier friend",
  existing_customer: "Had bought here before",
  appeal_new_customer: "The referrer says: the friend had never bought here before",
  appeal_order_kept: "The referrer says: the order was paid for and kept",
  appeal_own_household: "The referrer says: the friend lives in another household",
  appeal_other: "The referrer asks for another look, without saying why",
  reward_cap: "A limit of rewards, or the month's budget, is reached",
  customer_unknown: "Shopify's id of the customer is not known",
  currency_changed: "The shop's currency has changed since",
  credit_never_shown: "Sent several times without an answer, and the account does not show it",
  account_unreadable: "Sent without an answer, and the account cannot be read",
  evidence_missing: "Shopify could not be asked about the order",
  block_list: "On the shop's block list",
  code_retired: "The link was retired",
  code_retired_for_abuse: "The link was retired for abuse",
  too_fast: "Only seconds between tap and order",
  bot_agent: "An automated browser",
  click_velocity: "The link was tapped unusually often around that time",
  signup_velocity: "Unusually many sign-ups around that time",
  coupon_source: "The tap came from a coupon or cash-back site",
  claim_spray: "Unusually many e-mail addresses were given on this link",
  disposable_email: "A throw-away e-mail address",
  refund_history: "The referrer's recent rewarded orders were refunded",
  ring: "The referrals lead back to where they began",
  order_risk: "Shopify advises to look at this order",
  score: "Several small signs together",
  rule_failed: "A rule of the screen could not look",
  link_expired: "No first order in time",
  window_open: "Its time is not over yet",
  cooling_off: "Still cooling off",
  order_cancelled: "The order was cancelled",
  order_refunded: "The order was refunded",
  order_deleted: "The order was deleted",
  order_disputed: "A bank asks the money back",
  order_edited: "Something was taken out of the order",
  outcome_unknown: "Nobody could tell whether it was given",
  order_not_paid: "The order was not paid",
  zero_total: "The order came to nothing",
  test_order: "It was a test order",
  under_minimum: "The order was under the minimum",
  shop_purged: "The shop removed the app for good",
  friend_erased: "The friend's data was erased",
  rejected_in_review: "Rejected by a reviewer",
  discount_larger_than_reward: "A reward's code took off more than the reward holds",
  discount_unreadable: "What a reward's code took off an order could not be read",
  reward_used_twice: "A reward's code was used on two orders",
  reward_used_after_end: "A reward's code was used after it had ended",
  reward_currency_differs: "A reward's code was used on an order in another currency",
  reward_order_cancelled: "The order that used a reward's code was cancelled",
  welcome_order_cancelled: "The order that used a welcome code was cancelled or deleted",
  replaced_reward_cancelled: "An order with a code that had been replaced was cancelled",
  opened_by_hand: "Opened by hand, over the amount for which two people decide",
  same_person: "A reviewer found: the same person",
  same_household: "A reviewer found: the same household",
  not_a_friend: "A reviewer found: not a real friend",
  abuse: "A reviewer found: abuse of the programme",
  other: "A reviewer decided",
};

/** A recorded reason as a sentence; a reason that has no words yet is shown as it is written, never hidden. */
export function reasonWords(reason: string | null): string {
  if (reason === null) return "No reason on record";
  return REASON_WORDS[reason] ?? humanise(reason);
}

/** Where a referral stands and why, in one line. */
export function whyWords(facts: WhyFacts): string {
  switch (facts.state) {
    case "PENDING":
      if (!facts.hasOrder) return `Waiting for a first order until ${formatDay(facts.expiresAt)}`;
      return facts.eligibleAt === null
        ? "Ordered; waiting for the payment"
        : `Cooling off until ${formatDay(facts.eligibleAt)}`;
    case "HELD":
      return `${reasonWords(facts.reason)}: waits for your decision`;
    case "REWARDED":
      return "Both sides were rewarded";
    case "REJECTED":
    case "EXPIRED":
    case "VOIDED":
      return reasonWords(facts.reason);
  }
}

const CARRIER_WORDS: Readonly<Record<string, string>> = {
  cart_attribute: "the cart of the order",
  welcome_code: "the friend's welcome code",
  claim: "the e-mail given on the landing page",
  account_bind: "the signed-in account",
  pixel: "the checkout",
  landing_site: "the first page of the visit",
};

const LOSS_WORDS: Readonly<Record<string, string>> = {
  older_click: "a newer tap won",
  already_referred: "the friend had been referred already",
  expired: "outside its window",
  retired_code: "the link was retired",
  self_click: "the referrer's own tap",
  bot: "a bot or link preview",
  forced: "loaded without a person tapping",
  late: "after the checkout had begun",
  campaign_closed: "referrals were closed",
  existing_customer: "the friend had bought before",
};

/** What carried the evidence, completing "Found in …". */
export function carrierWords(carrier: string): string {
  return CARRIER_WORDS[carrier] ?? humanise(carrier).toLowerCase();
}

/** Why a tap did not count, completing "Did not count: …". */
export function lossWords(reason: string | null): string {
  return reason === null ? "no reason on record" : (LOSS_WORDS[reason] ?? humanise(reason).toLowerCase());
}

const REWARD_STATUS_WORDS: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  promised: { label: "Promised", tone: "attention" },
  owed: { label: "Being issued", tone: "info" },
  sending: { label: "Being issued", tone: "info" },
  issued: { label: "Issued", tone: "success" },
  redeemed: { label: "Used", tone: "success" },
  expired: { label: "Expired", tone: undefined },
  cancelled: { label: "Not owed", tone: undefined },
  blocked: { label: "Needs attention", tone: "critical" },
  unknown: { label: "Being checked", tone: "warning" },
  offset: { label: "Set off", tone: undefined },
};

/** The status of a reward in the merchant's words. */
export function rewardStatusWords(status: string): { readonly label: string; readonly tone: Tone } {
  return REWARD_STATUS_WORDS[status] ?? { label: humanise(status), tone: undefined };
}

const CHECK_WORDS: Readonly<Record<string, string>> = {
  check_referral_ledger: "A referral and its entries do not agree",
  check_earned: "An earned reward is missing, or the work to issue it",
  check_liability: "What is owed to somebody is not what their rewards hold",
  check_remaining: "A reward does not hold what its entries leave of it",
  check_claw_back: "A claw-back is not what its entries say",
  check_one_person: "One person has two live referrals",
  check_settling_audit: "A settled referral is not on the record",
  check_terms_amount: "A promise is not what its offer said",
  check_caps: "A limit was counted wrongly",
  check_overdue: "Work is late",
  check_clicks_default: "Taps lie outside their time's table",
  check_discounts: "Shopify and the books disagree about a discount or a code",
  check_catalog: "A guard of the database is missing",
  check_fold: "Two ways of adding up the ledger disagree",
};

/** What a check of the books found, in the merchant's words. */
export function checkWords(name: string): string {
  return CHECK_WORDS[name] ?? humanise(name);
}
