import type { Rule } from "./rule.ts";
import type { RuleId } from "./rule-ids.ts";
import { RULE_IDS } from "./rule-ids.ts";
import { blockList } from "./rules/block-list.ts";
import { botAgent } from "./rules/bot-agent.ts";
import { claimSpray } from "./rules/claim-spray.ts";
import { clickVelocity } from "./rules/click-velocity.ts";
import { couponSource } from "./rules/coupon-source.ts";
import { disposableEmail } from "./rules/disposable-email.ts";
import { duplicateHousehold } from "./rules/duplicate-household.ts";
import { duplicatePerson } from "./rules/duplicate-person.ts";
import { evidenceMissing } from "./rules/evidence-missing.ts";
import { existingCustomer } from "./rules/existing-customer.ts";
import { matchAgain } from "./rules/match-again.ts";
import { nearAddress } from "./rules/near-address.ts";
import { numberedMailbox } from "./rules/numbered-mailbox.ts";
import { orderRisk } from "./rules/order-risk.ts";
import { refundHistory } from "./rules/refund-history.ts";
import { ring } from "./rules/ring.ts";
import { sameAccount } from "./rules/same-account.ts";
import { sameAddress } from "./rules/same-address.ts";
import { sameCardAndDevice } from "./rules/same-card-and-device.ts";
import { sameCard } from "./rules/same-card.ts";
import { sameDevice } from "./rules/same-device.ts";
import { sameEmail } from "./rules/same-email.ts";
import { sameNetwork } from "./rules/same-network.ts";
import { samePhone } from "./rules/same-phone.ts";
import { signupVelocity } from "./rules/signup-velocity.ts";
import { similarEmail } from "./rules/similar-email.ts";
import { stoppedBefore } from "./rules/stopped-before.ts";
import { tooFast } from "./rules/too-fast.ts";

/** Total by its type: a rule id without a rule does not compile. */
const RULE_BY_ID: { readonly [K in RuleId]: Rule } = {
  same_account: sameAccount,
  same_email: sameEmail,
  same_phone: samePhone,
  same_card_and_device: sameCardAndDevice,
  numbered_mailbox: numberedMailbox,
  stopped_before: stoppedBefore,
  same_card: sameCard,
  same_device: sameDevice,
  same_address: sameAddress,
  near_address: nearAddress,
  match_again: matchAgain,
  similar_email: similarEmail,
  same_network: sameNetwork,
  duplicate_person: duplicatePerson,
  existing_customer: existingCustomer,
  duplicate_household: duplicateHousehold,
  click_velocity: clickVelocity,
  signup_velocity: signupVelocity,
  too_fast: tooFast,
  bot_agent: botAgent,
  coupon_source: couponSource,
  claim_spray: claimSpray,
  disposable_email: disposableEmail,
  order_risk: orderRisk,
  refund_history: refundHistory,
  ring: ring,
  block_list: blockList,
  evidence_missing: evidenceMissing,
};

/** Every rule, in the order in which findings are shown. */
export const RULES: readonly Rule[] = RULE_IDS.map((id) => RULE_BY_ID[id]);

/** Changes whenever a rule, a weight or the scoring does; stored with every decision, so that it can be replayed. */
export const RULESET_VERSION = "3";

const FIRST_RULESET: ReadonlySet<RuleId> = new Set([
  "same_account",
  "same_email",
  "same_phone",
  "same_card_and_device",
  "same_card",
  "same_device",
  "same_address",
  "same_network",
  "existing_customer",
  "too_fast",
  "bot_agent",
  "order_risk",
  "evidence_missing",
]);

/** What the second rule set did not know yet. */
const SINCE_THE_THIRD: ReadonlySet<RuleId> = new Set(["numbered_mailbox", "stopped_before", "match_again"]);

const RULESETS: ReadonlyMap<string, readonly Rule[]> = new Map([
  ["1", RULES.filter(({ id }) => FIRST_RULESET.has(id))],
  ["2", RULES.filter(({ id }) => !SINCE_THE_THIRD.has(id))],
  [RULESET_VERSION, RULES],
]);

/** The rules of a version of the rule set; null for one that never was. */
export function rulesOf(ruleset: string): readonly Rule[] | null {
  return RULESETS.get(ruleset) ?? null;
}

/** One rule by its id. */
export function ruleById(id: RuleId): Rule {
  return RULE_BY_ID[id];
}
