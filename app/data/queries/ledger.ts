import type { AccountType } from "#app/domain/ledger/accounts.ts";
import { CHART, chartLabel, describeEntry } from "#app/domain/ledger/chart.ts";
import type { TransferKind } from "#app/domain/ledger/transfer.ts";
import { COUPON_UNIT } from "#app/domain/reward/reward-value.ts";
import type { AmountView, LedgerBalanceView, LedgerEntryView, LedgerUnitView, LedgerView } from "#app/read-models.ts";
import { FOLD_CHECK, latestResults } from "../checks.repo.ts";
import { foldLedger } from "../ledger-fold.ts";
import type { Pools } from "../pools.ts";
import { inShop } from "../tenant.ts";
import type { Tx } from "../tenant.ts";
import { amountView, isUuid, shortIdOf } from "./raw.ts";

/** A ledger larger than this is folded once a day by the checks, not while somebody waits for a page. */
const FOLDED_WHILE_WAITING_MAX = 5_000;

type SumRow = {
  readonly type: AccountType;
  readonly unit: string;
  readonly exponent: number;
  readonly debit: string;
  readonly credit: string;
  readonly promised: string;
};

type EntryRow = {
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
  readonly referralId: string | null;
  readonly orderId: bigint | null;
};

/**
 * The ledger of a shop: sums by type of account and unit, what leaked, whether two ways of adding up agree, and a page of
 * entries, newest first.
 *
 * @param input.cursor The last entry of the page before; anything else begins at the newest.
 */
export function ledgerView(
  deps: { pools: Pools },
  input: { shopId: string; cursor: string | null; limit: number },
): Promise<LedgerView> {
  const { shopId, cursor, limit } = input;
  return inShop(deps.pools, shopId, async (tx) => {
    const sums = await sumsByType(tx, shopId);
    const rows = await entryRows(tx, shopId, cursor !== null && isUuid(cursor) ? cursor : null, limit + 1);
    return {
      ...(await agreement(tx, shopId)),
      units: unitsOf(sums),
      leakage: await leakageOf(tx, shopId),
      entries: rows.slice(0, limit).map(entryView),
      nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
    };
  });
}

function sumsByType(tx: Tx, shopId: string): Promise<SumRow[]> {
  return tx.query<SumRow>(
    `SELECT s.type, t.unit, u.exponent,
            coalesce(sum(t.amount) FILTER (WHERE s.is_debit AND t.kind IN (2, 4)), 0)::text AS debit,
            coalesce(sum(t.amount) FILTER (WHERE NOT s.is_debit AND t.kind IN (2, 4)), 0)::text AS credit,
            coalesce(sum(CASE t.kind WHEN 1 THEN t.amount ELSE -t.amount END)
              FILTER (WHERE NOT s.is_debit AND t.kind IN (1, 2, 3)), 0)::text AS promised
       FROM ledger_transfers t
       JOIN ledger_units u ON u.shop_id = t.shop_id AND u.unit = t.unit
      CROSS JOIN LATERAL (VALUES (t.debit_type, true), (t.credit_type, false)) AS s (type, is_debit)
      WHERE t.shop_id = $1
      GROUP BY 1, 2, 3`,
    [shopId],
  );
}

/** One table a unit: money first, coupons last, and never one sum of both. */
function unitsOf(sums: readonly SumRow[]): LedgerUnitView[] {
  const units = [...new Set(sums.map(({ unit }) => unit))];
  const ordered = units.toSorted((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
  return ordered.map((unit) => {
    const rows = sums.filter((row) => row.unit === unit);
    const exponent = rows[0]?.exponent ?? 0;
    const amount = (minor: bigint): AmountView => valueView(minor, unit, exponent);
    const total = (pick: (row: SumRow) => string) => rows.reduce((sum, row) => sum + BigInt(pick(row)), 0n);
    return {
      unit,
      balances: rows
        .toSorted((left, right) => (CHART[left.type].number < CHART[right.type].number ? -1 : 1))
        .map((row) => balanceView(row, amount)),
      debits: amount(total((row) => row.debit)),
      credits: amount(total((row) => row.credit)),
      promised: amount(total((row) => row.promised)),
    };
  });
}

function rank(unit: string): number {
  return unit === COUPON_UNIT ? 1 : 0;
}

function balanceView(row: SumRow, amount: (minor: bigint) => AmountView): LedgerBalanceView {
  const [debit, credit] = [BigInt(row.debit), BigInt(row.credit)];
  return {
    account: CHART[row.type].name,
    number: CHART[row.type].number,
    debit: amount(debit),
    credit: amount(credit),
    balance: amount(debit > credit ? debit - credit : credit - debit),
    balanceSide: debit === credit ? "none" : debit > credit ? "debit" : "credit",
  };
}

/** Coupons are counted in pieces; their unit stands where a currency does. */
function valueView(minor: bigint, unit: string, exponent: number): AmountView {
  return unit === COUPON_UNIT ? { amount: String(minor), currency: COUPON_UNIT } : amountView(minor, unit, exponent);
}

/** Welcome discounts on orders that ended in no REWARDED referral: spent, and nobody was won by it. */
async function leakageOf(tx: Tx, shopId: string): Promise<AmountView[]> {
  const rows = await tx.query<{ unit: string; exponent: number; amount: string }>(
    `SELECT t.unit, u.exponent, sum(t.amount)::text AS amount
       FROM leakage t JOIN ledger_units u ON u.shop_id = t.shop_id AND u.unit = t.unit
      WHERE t.shop_id = $1
      GROUP BY 1, 2 ORDER BY 1`,
    [shopId],
  );
  return rows.map((row) => amountView(BigInt(row.amount), row.unit, row.exponent));
}

/** Folds a ledger that is small enough; of a larger one tells what the checks found last. */
async function agreement(tx: Tx, shopId: string): Promise<Pick<LedgerView, "isBalanced" | "balancedAt">> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT FROM ledger_transfers WHERE shop_id = $1 LIMIT ${FOLDED_WHILE_WAITING_MAX + 1}) AS few`,
    [shopId],
  );
  if ((row?.count ?? 0) <= FOLDED_WHILE_WAITING_MAX)
    return { isBalanced: (await foldLedger(tx)).disagreeing.length === 0, balancedAt: null };
  const last = (await latestResults(tx, shopId)).find(({ name }) => name === FOLD_CHECK);
  return last === undefined
    ? { isBalanced: null, balancedAt: null }
    : { isBalanced: last.findings === 0, balancedAt: last.at.toISOString() };
}

function entryRows(tx: Tx, shopId: string, before: string | null, limit: number): Promise<EntryRow[]> {
  return tx.query<EntryRow>(
    `SELECT t.id, t.created_at AS at, t.kind, t.purpose, t.side, t.debit_type AS "debitType", t.credit_type AS "creditType",
            t.unit, u.exponent, t.amount, t.referral_id AS "referralId", t.order_id AS "orderId"
       FROM ledger_transfers t JOIN ledger_units u ON u.shop_id = t.shop_id AND u.unit = t.unit
      WHERE t.shop_id = $1 AND t.id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY t.id DESC LIMIT $3`,
    [shopId, before, limit],
  );
}

function entryView(row: EntryRow): LedgerEntryView {
  return {
    id: row.id,
    at: row.at.toISOString(),
    description: describeEntry(row),
    debit: chartLabel(row.debitType),
    credit: chartLabel(row.creditType),
    amount: valueView(row.amount, row.unit, row.exponent),
    isPromise: row.kind === 1 || row.kind === 3,
    referralId: row.referralId,
    shortId: row.referralId === null ? null : shortIdOf(row.referralId),
    orderId: row.orderId === null ? null : String(row.orderId),
  };
}
