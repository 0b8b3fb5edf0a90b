import type { AccountType } from "./accounts.ts";
import type { Transfer, TransferKind } from "./transfer.ts";
import { TRANSFER_KIND } from "./transfer.ts";

/** The sums of one account. Posted sums only grow; pending ones are promises that are neither kept nor broken yet. */
export type AccountBalance = {
  readonly account: string;
  readonly type: AccountType;
  readonly unit: string;
  readonly debitPosted: bigint;
  readonly creditPosted: bigint;
  readonly debitPending: bigint;
  readonly creditPending: bigint;
};

type Effect = { readonly posted: bigint; readonly pending: bigint };

/** What one unit of a transfer's amount does: a post moves its promise to posted, a void takes it back. */
const EFFECT: { readonly [K in TransferKind]: Effect } = {
  [TRANSFER_KIND.pending]: { posted: 0n, pending: 1n },
  [TRANSFER_KIND.post]: { posted: 1n, pending: -1n },
  [TRANSFER_KIND.void]: { posted: 0n, pending: -1n },
  [TRANSFER_KIND.single]: { posted: 1n, pending: 0n },
};

/**
 * Adds up every account from its transfers alone, sorted by account. In each unit the posted debits equal the posted credits,
 * and so do the pending ones, in whatever order the transfers come.
 */
export function trialBalance(transfers: Iterable<Transfer>): readonly AccountBalance[] {
  const balances = new Map<string, AccountBalance>();
  for (const transfer of transfers) addTransfer(balances, transfer);
  return [...balances.values()].toSorted((left, right) => (left.account < right.account ? -1 : 1));
}

/** Adds one transfer to sums by account that are kept elsewhere, for a ledger that is read page by page. */
export function addTransfer(balances: Map<string, AccountBalance>, transfer: Transfer): void {
  const { posted, pending } = EFFECT[transfer.kind];
  const debit = balanceOf(balances, transfer.debitAccount, transfer.debitType, transfer.unit);
  balances.set(transfer.debitAccount, {
    ...debit,
    debitPosted: debit.debitPosted + posted * transfer.amount,
    debitPending: debit.debitPending + pending * transfer.amount,
  });
  const credit = balanceOf(balances, transfer.creditAccount, transfer.creditType, transfer.unit);
  balances.set(transfer.creditAccount, {
    ...credit,
    creditPosted: credit.creditPosted + posted * transfer.amount,
    creditPending: credit.creditPending + pending * transfer.amount,
  });
}

function balanceOf(
  balances: ReadonlyMap<string, AccountBalance>,
  account: string,
  type: AccountType,
  unit: string,
): AccountBalance {
  const zero = { account, type, unit, debitPosted: 0n, creditPosted: 0n, debitPending: 0n, creditPending: 0n };
  return balances.get(account) ?? zero;
}
