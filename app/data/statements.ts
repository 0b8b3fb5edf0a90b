import { readFileSync } from "node:fs";

import type { NamedStatement } from "./tenant.ts";

// A file begins with comments that document its parameters; they need not travel with every call.
const HEADER = /^(?:--[^\n]*\n)+/;

function statement(name: string): NamedStatement {
  const text = readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), "utf8");
  return { name: name.replaceAll("-", "_"), text: text.replace(HEADER, "").trim() };
}

/** The statements that move money, decide a race or judge a referral: each is one file in `sql/`, planned once per connection. */
export const STATEMENTS = {
  openReferral: statement("open-referral"),
  convertReferral: statement("convert-referral"),
  recordPayment: statement("record-payment"),
  payout: statement("payout"),
  voidReferral: statement("void-referral"),
  redeem: statement("redeem"),
  issueValue: statement("issue-value"),
  welcomeCost: statement("welcome-cost"),
  grantReward: statement("grant-reward"),
  caseEntry: statement("case-entry"),
  claimWelcome: statement("claim-welcome"),
  issueWelcome: statement("issue-welcome"),
  screenHistory: statement("screen-history"),
} as const satisfies Record<string, NamedStatement>;
