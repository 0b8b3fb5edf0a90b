/** What customers were given that is worth money: gift cards and store credit. */

export type GiftCard = {
  readonly id: string;
  readonly code: string;
  readonly initialMinor: bigint;
  balanceMinor: bigint;
  readonly customerId: string | null;
  readonly note: string | null;
  readonly expiresOn: string | null;
  deactivatedAt: Date | null;
  readonly createdAt: Date;
};

export type StoreCreditEntry = {
  readonly id: string;
  readonly kind: "credit" | "debit";
  readonly amountMinor: bigint;
  readonly balanceAfterMinor: bigint;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
};

export type StoreCreditAccount = {
  readonly id: string;
  readonly customerId: string;
  readonly currency: string;
  balanceMinor: bigint;
  readonly entries: StoreCreditEntry[];
};
