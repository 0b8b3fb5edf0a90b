import type { AccountType } from "./accounts.ts";
import type { TransferKind } from "./transfer.ts";
import { TRANSFER_KIND } from "./transfer.ts";

/** An account as a bookkeeper knows it. The numbers are fixed: an import that was mapped once stays right. */
export type ChartAccount = { readonly number: string; readonly name: string };

/** Every type of account of the ledger, in the order of a chart of accounts. Persons share their type's account. */
export const CHART: { readonly [Type in AccountType]: ChartAccount } = {
  claw_back: { number: "1300", name: "Referral rewards to be set off" },
  reward_liability: { number: "2100", name: "Referral rewards owed" },
  issued_value: { number: "2110", name: "Store credit and gift cards issued" },
  redeemed: { number: "4100", name: "Referral discounts used" },
  breakage: { number: "4110", name: "Referral rewards never used" },
  reward_expense: { number: "6100", name: "Cost of referral rewards" },
  goodwill: { number: "6110", name: "Cost of goodwill" },
};

/** The account as one text, "6100 Cost of referral rewards". */
export function chartLabel(type: AccountType): string {
  return `${CHART[type].number} ${CHART[type].name}`;
}

const SINGLE_WORDS: Readonly<Record<string, string>> = {
  redeem: "Reward code used",
  breakage: "Reward not used",
  issue: "Store credit or gift card issued",
  offset: "Reward set off against a claw-back",
  claw_back: "Claw-back decided",
  waive: "Claw-back waived",
  goodwill: "Goodwill granted",
  replacement: "Reward replaced",
  coupon_cost: "Coupon used, at its real cost",
  welcome_cost: "Welcome discount used",
  reverse: "Use reversed: the order was cancelled",
};

/** What an entry says, in one line. Nothing in it comes from a customer or a merchant. */
export function describeEntry(entry: {
  readonly kind: TransferKind;
  readonly purpose: string;
  readonly side: 1 | 2 | null;
}): string {
  const whose = entry.side === 2 ? "friend's" : "referrer's";
  switch (entry.kind) {
    case TRANSFER_KIND.pending:
      return `Promised: the ${whose} reward`;
    case TRANSFER_KIND.post:
      return `Earned: the ${whose} reward`;
    case TRANSFER_KIND.void:
      return `Not earned: the ${whose} reward`;
    case TRANSFER_KIND.single:
      return SINGLE_WORDS[entry.purpose] ?? entry.purpose;
  }
}
