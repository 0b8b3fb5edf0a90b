import type { Attack } from "../stage.ts";

import { FORM_ATTACKS } from "./forms.ts";
import { IDENTITY_ATTACKS } from "./identity.ts";
import { LEDGER_ATTACKS } from "./ledger.ts";
import { RECORD_ATTACKS } from "./record.ts";
import { REFERRAL_ATTACKS } from "./referral.ts";
import { REWARD_ATTACKS } from "./rewards.ts";
import { TRANSITION_ATTACKS } from "./transitions.ts";
import { TWO_PHASE_ATTACKS } from "./two-phase.ts";

/** Everything that the schema refuses, with the guard that refuses it. The tests and the proof of the mutants run them all. */
export const ATTACKS: readonly Attack[] = [
  ...IDENTITY_ATTACKS,
  ...REFERRAL_ATTACKS,
  ...TRANSITION_ATTACKS,
  ...TWO_PHASE_ATTACKS,
  ...LEDGER_ATTACKS,
  ...REWARD_ATTACKS,
  ...FORM_ATTACKS,
  ...RECORD_ATTACKS,
];
