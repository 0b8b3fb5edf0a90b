import type { Rule } from "./rule.ts";
import type { RuleId } from "./rule-ids.ts";
import { RULE_IDS } from "./rule-ids.ts";
import { botAgent } from "./rules/bot-agent.ts";
import { evidenceMissing } from "./rules/evidence-missing.ts";
import { existingCustomer } from "./rules/existing-customer.ts";
import { orderRisk } from "./rules/order-risk.ts";
import { sameAccount } from "./rules/same-account.ts";
import { sameAddress } from "./rules/same-address.ts";
import { sameCardAndDevice } from "./rules/same-card-and-device.ts";
import { sameCard } from "./rules/same-card.ts";
import { sameDevice } from "./rules/same-device.ts";
import { sameEmail } from "./rules/same-email.ts";
import { sameNetwork } from "./rules/same-network.ts";
import { samePhone } from "./rules/same-phone.ts";
import { tooFast } from "./rules/too-fast.ts";

/** Changes whenever a rule, a weight or the scoring does; stored with every decision, so that it can be replayed. */
export const RULESET_VERSION = "1";

/** Total by its type: a rule id without a rule does not compile. */
const RULE_BY_ID: { readonly [K in RuleId]: Rule } = {
  same_account: sameAccount,
  same_email: sameEmail,
  same_phone: samePhone,
  same_card_and_device: sameCardAndDevice,
  same_card: sameCard,
  same_device: sameDevice,
  same_address: sameAddress,
  same_network: sameNetwork,
  existing_customer: existingCustomer,
  too_fast: tooFast,
  bot_agent: botAgent,
  order_risk: orderRisk,
  evidence_missing: evidenceMissing,
};

/** Every rule, in the order in which findings are shown. */
export const RULES: readonly Rule[] = RULE_IDS.map((id) => RULE_BY_ID[id]);
