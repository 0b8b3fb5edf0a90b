import type { AccountType } from "./accounts.ts";

/** How a transfer acts: a promise, the keeping of one, the breaking of one, or a plain entry. */
export const TRANSFER_KIND = { pending: 1, post: 2, void: 3, single: 4 } as const;
export type TransferKind = (typeof TRANSFER_KIND)[keyof typeof TRANSFER_KIND];

/** One row: one account is debited, one credited, one positive amount, so imbalance cannot be written down. */
export type Transfer = {
  readonly id: string;
  readonly kind: TransferKind;
  readonly debitAccount: string;
  readonly debitType: AccountType;
  readonly creditAccount: string;
  readonly creditType: AccountType;
  /** A currency code, or `coupon`. */
  readonly unit: string;
  /** In the unit's smallest part; always positive. */
  readonly amount: bigint;
};
