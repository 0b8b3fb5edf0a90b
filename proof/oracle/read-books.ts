import type { AccountType } from "#app/domain/ledger/accounts.ts";
import type { TransferKind } from "#app/domain/ledger/transfer.ts";
import { shopIdFor } from "#app/platform/ids.ts";
import { auditBooks } from "./books.ts";
import type { BookedAccount, BookedReferral, BookedReward, Books, Entry } from "./books.ts";
import type { Observer } from "./observer.ts";

/** What the second look at the books saw, and how much there was to see. */
export type BooksAudit = { readonly entries: number; readonly findings: readonly string[] };

/** Audits the books of these shops, one after the other. Every amount travels as text. */
export async function auditShops(observer: Pick<Observer, "query">, domains: readonly string[]): Promise<BooksAudit> {
  const findings: string[] = [];
  let entries = 0;
  for (const domain of domains) {
    const books = await readBooks(observer, shopIdFor(domain));
    entries += books.entries.length;
    findings.push(...auditBooks(books).map((finding) => `${domain}: ${finding}`));
  }
  return { entries, findings };
}

/** Reads one shop's books whole. */
export async function readBooks(observer: Pick<Observer, "query">, shopId: string): Promise<Books> {
  const rowsOf = async <Row>(text: string): Promise<Row[]> =>
    // The columns are those of the statement, whose types the tests hold it to.
    (await observer.query(text, [shopId])) as Row[];
  const entries = await rowsOf<Omit<Entry, "amount" | "kind"> & { kind: number; amount: string }>(
    `SELECT id, kind::int AS kind, pending_id AS "pendingId", referral_id AS "referralId", side::int AS side, reward_id AS "rewardId",
            debit_account AS "debitAccount", credit_account AS "creditAccount", unit, amount::text AS amount
       FROM ledger_transfers WHERE shop_id = $1`,
  );
  const referrals = await rowsOf<BookedReferral>(
    "SELECT id, owed::int AS owed, settlement FROM referrals WHERE shop_id = $1",
  );
  const rewards = await rowsOf<Omit<BookedReward, "amount" | "remaining"> & { amount: string; remaining: string }>(
    `SELECT id, account_id AS "accountId", funding_id AS "fundingId", amount::text AS amount, remaining::text AS remaining
       FROM rewards WHERE shop_id = $1`,
  );
  const accounts = await rowsOf<{ id: string; type: AccountType; balance: string }>(
    `SELECT a.id, a.type, coalesce(s.balance, 0)::text AS balance
       FROM ledger_accounts a
       LEFT JOIN (SELECT m.account, sum(m.amount) AS balance
                    FROM ledger_transfers t
                   CROSS JOIN LATERAL (VALUES (t.credit_account, t.amount), (t.debit_account, -t.amount)) AS m (account, amount)
                   WHERE t.shop_id = $1 AND t.kind IN (2, 4) GROUP BY 1) s ON s.account = a.id
      WHERE a.shop_id = $1`,
  );
  return {
    // The column allows four kinds, which the type names.
    entries: entries.map((one): Entry => ({ ...one, kind: one.kind as TransferKind, amount: BigInt(one.amount) })),
    referrals,
    rewards: rewards.map((one): BookedReward => ({
      ...one,
      amount: BigInt(one.amount),
      remaining: BigInt(one.remaining),
    })),
    accounts: accounts.map((one): BookedAccount => ({ ...one, balance: BigInt(one.balance) })),
  };
}
