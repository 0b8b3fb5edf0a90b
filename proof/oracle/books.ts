import type { AccountType } from "#app/domain/ledger/accounts.ts";
import { TRANSFER_KIND } from "#app/domain/ledger/transfer.ts";
import type { TransferKind } from "#app/domain/ledger/transfer.ts";

/** One entry, as it stands in the database. */
export type Entry = {
  readonly id: string;
  readonly kind: TransferKind;
  readonly pendingId: string | null;
  readonly referralId: string | null;
  readonly side: number | null;
  readonly rewardId: string | null;
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly unit: string;
  readonly amount: bigint;
};

export type BookedReferral = { readonly id: string; readonly owed: number; readonly settlement: string };

export type BookedReward = {
  readonly id: string;
  readonly accountId: string | null;
  readonly fundingId: string | null;
  readonly amount: bigint;
  readonly remaining: bigint;
};

/** An account with what the database itself adds up on it: what was posted and is not taken back. */
export type BookedAccount = { readonly id: string; readonly type: AccountType; readonly balance: bigint };

/** Everything about money that one shop has. */
export type Books = {
  readonly entries: readonly Entry[];
  readonly referrals: readonly BookedReferral[];
  readonly rewards: readonly BookedReward[];
  readonly accounts: readonly BookedAccount[];
};

const SIDES = [1, 2] as const;

/**
 * Works a shop's books out anew from their entries alone, without any of the SQL that the application and its checks use,
 * and says where what stands in the database is something else. Pure, so that it can be shown to see.
 */
export function auditBooks(books: Books): string[] {
  return [...auditPromises(books), ...auditRewards(books), ...auditAccounts(books)];
}

/** Each promise is kept or broken once, by an entry like itself, and as its referral ended. */
function auditPromises({ entries, referrals }: Books): string[] {
  const findings: string[] = [];
  const promises = new Map(entries.filter(({ kind }) => kind === TRANSFER_KIND.pending).map((one) => [one.id, one]));
  const endings = new Map<string, TransferKind>();
  for (const entry of entries.filter(({ pendingId }) => pendingId !== null)) {
    const promise = promises.get(entry.pendingId ?? "");
    if (promise === undefined) findings.push(`entry ${entry.id} ends a promise that there is not`);
    else if (endings.has(promise.id)) findings.push(`promise ${promise.id} ended twice`);
    else if (!isLike(entry, promise)) findings.push(`entry ${entry.id} is not what was promised`);
    if (promise !== undefined) endings.set(promise.id, entry.kind);
  }
  const byReferral = Map.groupBy(promises.values(), ({ referralId }) => referralId ?? "");
  for (const { id, owed, settlement } of referrals) {
    const own = byReferral.get(id) ?? [];
    const sides = own.map(({ side }) => side ?? 0).toSorted((left, right) => left - right);
    if (sides.join() !== SIDES.filter((side) => (owed & side) > 0).join())
      findings.push(`referral ${id} promised ${sides.join(" and ")}, and owes ${owed}`);
    const wanted = { OPEN: undefined, POSTED: TRANSFER_KIND.post, VOID: TRANSFER_KIND.void }[settlement];
    if (own.some((promise) => endings.get(promise.id) !== wanted))
      findings.push(`referral ${id} is ${settlement}, and its promises are not`);
  }
  return findings;
}

function isLike(entry: Entry, promise: Entry): boolean {
  const same = ["debitAccount", "creditAccount", "unit", "amount", "referralId", "side"] as const;
  return same.every((name) => entry[name] === promise[name]);
}

/** Each reward is paid for by one entry of its amount, and holds what the entries that name it left. */
function auditRewards({ entries, rewards }: Books): string[] {
  const findings: string[] = [];
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const moves = Map.groupBy(entries, ({ rewardId }) => rewardId ?? "");
  const funded = new Set(rewards.map(({ fundingId }) => fundingId));
  for (const { id, accountId, fundingId, amount, remaining } of rewards) {
    if (fundingId === null) continue;
    const funding = byId.get(fundingId);
    if (funding?.amount !== amount || funding.creditAccount !== accountId)
      findings.push(`reward ${id} is not paid for by its entry`);
    const drawn = (moves.get(id) ?? []).reduce((sum, entry) => sum + drawnBy(entry, accountId), 0n);
    if (remaining !== amount - drawn) findings.push(`reward ${id} holds ${remaining}, not ${amount - drawn}`);
  }
  for (const { id, kind } of entries)
    if (kind === TRANSFER_KIND.post && !funded.has(id)) findings.push(`entry ${id} was earned, and is no reward`);
  return findings;
}

function drawnBy({ debitAccount, creditAccount, amount }: Entry, accountId: string | null): bigint {
  if (debitAccount === accountId) return amount;
  return creditAccount === accountId ? -amount : 0n;
}

/** Each account has the balance that the database finds; on one that owes a person it is what their rewards hold. */
function auditAccounts({ entries, rewards, accounts }: Books): string[] {
  const findings: string[] = [];
  const balances = new Map<string, bigint>();
  const add = (account: string, amount: bigint) => balances.set(account, (balances.get(account) ?? 0n) + amount);
  for (const { kind, debitAccount, creditAccount, amount } of entries) {
    if (kind === TRANSFER_KIND.pending || kind === TRANSFER_KIND.void) continue;
    add(debitAccount, -amount);
    add(creditAccount, amount);
  }
  const held = new Map<string, bigint>();
  for (const { accountId, remaining } of rewards)
    if (accountId !== null) held.set(accountId, (held.get(accountId) ?? 0n) + remaining);
  for (const { id, type, balance } of accounts) {
    const own = balances.get(id) ?? 0n;
    if (own !== balance) findings.push(`account ${id} has ${own}, and the database says ${balance}`);
    if (type === "reward_liability" && own !== (held.get(id) ?? 0n))
      findings.push(`account ${id} owes ${own}, and its rewards hold ${held.get(id) ?? 0n}`);
  }
  return findings;
}
