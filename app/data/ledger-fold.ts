import type { AccountType } from "#app/domain/ledger/accounts.ts";
import type { Transfer, TransferKind } from "#app/domain/ledger/transfer.ts";
import { addTransfer } from "#app/domain/ledger/trial-balance.ts";
import type { AccountBalance } from "#app/domain/ledger/trial-balance.ts";
import type { Tx } from "./tenant.ts";

/** Two ways of adding up one shop's ledger, held against each other. */
export type LedgerFold = {
  /** By account, as this process added them up. */
  readonly balances: readonly AccountBalance[];
  readonly transfers: number;
  /** Accounts whose sums the database has otherwise; none when the books are in order. */
  readonly disagreeing: readonly string[];
};

type CursorRow = {
  readonly what: "transfer" | "sum";
  readonly id: string;
  readonly kind: TransferKind | null;
  readonly debitAccount: string | null;
  readonly debitType: AccountType | null;
  readonly creditAccount: string | null;
  readonly creditType: AccountType | null;
  readonly unit: string | null;
  readonly amount: bigint | null;
  /** debitPosted, creditPosted, debitPending, creditPending. */
  readonly sums: readonly string[] | null;
};

const ROWS_AT_ONCE = 2_000;
const SHOP = "current_setting('app.shop_id')::uuid";

/**
 * One cursor is one snapshot: every transfer, then the database's own sums of the very same rows. Those are found another
 * way than the fold's, by which pending entries have a resolution, so a fault in either shows.
 */
const CURSOR_SQL = `
  DECLARE ledger_fold NO SCROLL CURSOR FOR
  SELECT 'transfer' AS what, id, kind, debit_account AS "debitAccount", debit_type AS "debitType",
         credit_account AS "creditAccount", credit_type AS "creditType", unit, amount, NULL::text[] AS sums
    FROM ledger_transfers WHERE shop_id = ${SHOP}
  UNION ALL
  SELECT 'sum', s.account, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         ARRAY[coalesce(sum(t.amount) FILTER (WHERE t.kind IN (2, 4) AND s.is_debit), 0),
               coalesce(sum(t.amount) FILTER (WHERE t.kind IN (2, 4) AND NOT s.is_debit), 0),
               coalesce(sum(t.amount) FILTER (WHERE t.kind = 1 AND r.id IS NULL AND s.is_debit), 0),
               coalesce(sum(t.amount) FILTER (WHERE t.kind = 1 AND r.id IS NULL AND NOT s.is_debit), 0)]::text[]
    FROM ledger_transfers t
    LEFT JOIN ledger_transfers r ON r.shop_id = t.shop_id AND r.pending_id = t.id
   CROSS JOIN LATERAL (VALUES (t.debit_account, true), (t.credit_account, false)) AS s (account, is_debit)
   WHERE t.shop_id = ${SHOP}
   GROUP BY s.account`;

/** Adds up every transfer of the transaction's shop in this process, page by page, and compares with the database's sums. */
export async function foldLedger(tx: Tx): Promise<LedgerFold> {
  const balances = new Map<string, AccountBalance>();
  const sums = new Map<string, string>();
  let transfers = 0;
  await tx.execute(CURSOR_SQL);
  for (let rows = await nextRows(tx); rows.length > 0; rows = await nextRows(tx)) {
    for (const row of rows) {
      if (row.what === "sum") sums.set(row.id, (row.sums ?? []).join(" "));
      else addTransfer(balances, transferOf(row));
      if (row.what === "transfer") transfers += 1;
    }
  }
  await tx.execute("CLOSE ledger_fold");
  const accounts = new Set([...balances.keys(), ...sums.keys()]);
  const disagreeing = [...accounts].filter((account) => sumsOf(balances.get(account)) !== sums.get(account));
  return { balances: [...balances.values()], transfers, disagreeing };
}

function nextRows(tx: Tx): Promise<CursorRow[]> {
  return tx.query<CursorRow>(`FETCH ${ROWS_AT_ONCE} FROM ledger_fold`);
}

function sumsOf(balance: AccountBalance | undefined): string | undefined {
  if (balance === undefined) return undefined;
  return [balance.debitPosted, balance.creditPosted, balance.debitPending, balance.creditPending].join(" ");
}

function transferOf(row: CursorRow): Transfer {
  const { id, kind, debitAccount, debitType, creditAccount, creditType, unit, amount } = row;
  if (kind === null || debitAccount === null || debitType === null || creditAccount === null)
    throw new Error("a transfer has a kind and two accounts");
  if (creditType === null || unit === null || amount === null) throw new Error("a transfer has a unit and an amount");
  return { id, kind, debitAccount, debitType, creditAccount, creditType, unit, amount };
}
