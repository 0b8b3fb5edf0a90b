import type { AccountType } from "#app/domain/ledger/accounts.ts";
import { chartLabel, describeEntry } from "#app/domain/ledger/chart.ts";
import { csvLine } from "#app/domain/ledger/csv.ts";
import type { Period } from "#app/domain/ledger/csv.ts";
import type { TransferKind } from "#app/domain/ledger/transfer.ts";
import type { Pools } from "../pools.ts";
import { inShop } from "../tenant.ts";
import { amountView } from "./raw.ts";

type JournalRow = {
  readonly id: string;
  readonly at: Date;
  readonly kind: TransferKind;
  readonly purpose: string;
  readonly side: 1 | 2 | null;
  readonly debitType: AccountType;
  readonly creditType: AccountType;
  readonly unit: string;
  readonly exponent: number;
  readonly amount: bigint;
  readonly reference: string;
};

/** The columns of the export. They are documented and imported by name: add at the end, never rename. */
export const JOURNAL_COLUMNS = [
  "date",
  "entry_id",
  "description",
  "debit_account",
  "credit_account",
  "amount",
  "currency",
  "reference",
] as const;

const ROWS_AT_ONCE = 1_000;

/**
 * Everything that was booked in money in a period, as CSV, in the order of booking. Promises are no entries and coupons no
 * money, so neither is in it. Read page by page, each in a transaction of its own: a slow reader holds nothing.
 *
 * @param input.rowsAtOnce Rows a page; the tests make it small.
 */
export async function* journalCsv(
  deps: { pools: Pools },
  input: { shopId: string; period: Period; rowsAtOnce?: number },
): AsyncGenerator<string> {
  const { shopId, period, rowsAtOnce = ROWS_AT_ONCE } = input;
  const [from, until] = [new Date(period.fromMs), new Date(period.untilMs)];
  yield csvLine(JOURNAL_COLUMNS);
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await inShop(deps.pools, shopId, (tx) =>
      tx.query<JournalRow>(PAGE_SQL, [shopId, after, from, until, rowsAtOnce]),
    );
    if (rows.length > 0) yield rows.map(journalLine).join("");
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = last.id;
  }
}

const PAGE_SQL = `
  SELECT t.id, t.created_at AS at, t.kind, t.purpose, t.side, t.debit_type AS "debitType", t.credit_type AS "creditType",
         t.unit, u.exponent, t.amount,
         concat_ws(' ', 'referral ' || t.referral_id, 'order ' || t.order_id, 'code ' || t.code, 'case ' || t.case_id) AS reference
    FROM ledger_transfers t JOIN ledger_units u ON u.shop_id = t.shop_id AND u.unit = t.unit
   WHERE t.shop_id = $1 AND t.id > $2 AND t.created_at >= $3 AND t.created_at < $4
     AND t.kind IN (2, 4) AND t.unit <> 'coupon'
   ORDER BY t.id LIMIT $5`;

function journalLine(row: JournalRow): string {
  const { amount, currency } = amountView(row.amount, row.unit, row.exponent);
  const day = row.at.toISOString().slice(0, "2026-11-20".length);
  const accounts = [chartLabel(row.debitType), chartLabel(row.creditType)];
  return csvLine([day, row.id, describeEntry(row), ...accounts, amount, currency, row.reference]);
}
