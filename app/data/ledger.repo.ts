import { SHOP_ACCOUNT_TYPES } from "#app/domain/ledger/accounts.ts";
import { exponentOf } from "#app/domain/money/currency.ts";
import type { CurrencyCode } from "#app/domain/money/currency.ts";
import { newId } from "#app/platform/ids.ts";
import { addLedgerUnits, addShopAccounts } from "./shops.repo.ts";
import { STATEMENTS } from "./statements.ts";
import type { Tx } from "./tenant.ts";

/** Makes sure that these people have a liability account in these units, whoever asks first. */
export async function ensureLiabilityAccounts(
  tx: Tx,
  shopId: string,
  wanted: readonly { readonly personId: string; readonly unit: string }[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO ledger_accounts (shop_id, id, unit, person_id, type)
     SELECT $1, id, unit, person_id, 'reward_liability' FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS w (id, unit, person_id)
     ON CONFLICT DO NOTHING`,
    [shopId, wanted.map(() => newId()), wanted.map((w) => w.unit), wanted.map((w) => w.personId)],
  );
}

export type ReferrerCap = {
  readonly personId: string;
  readonly capTotal: number | null;
  readonly cap30Days: number | null;
};

/**
 * Brings cap counters of referrers, each named once, up to the terms; a cap below what is used already becomes what is used.
 * The counters are locked in the order of their people, as long as the transaction runs.
 */
export async function ensureReferrerCaps(tx: Tx, shopId: string, caps: readonly ReferrerCap[]): Promise<void> {
  await tx.execute(
    `INSERT INTO cap_counters AS c (shop_id, scope, subject, cap, recent_cap)
     SELECT $1, 'referrer', person_id, cap, recent_cap
       FROM unnest($2::uuid[], $3::int[], $4::int[]) AS w (person_id, cap, recent_cap) ORDER BY person_id
     ON CONFLICT (shop_id, scope, subject, period, unit) DO UPDATE
        SET cap = CASE WHEN excluded.cap IS NOT NULL THEN greatest(excluded.cap, c.used) END,
            recent_cap = CASE WHEN excluded.recent_cap IS NOT NULL THEN greatest(excluded.recent_cap, cardinality(c.recent)) END`,
    [
      shopId,
      caps.map(({ personId }) => personId),
      caps.map(({ capTotal }) => capTotal),
      caps.map(({ cap30Days }) => cap30Days),
    ],
  );
}

/** Adds what one person was paid to another's cap counter: they are one person from now on, with one cap. */
export async function addReferrerCap(tx: Tx, shopId: string, fromPerson: string, toPerson: string): Promise<void> {
  await tx.execute(
    `INSERT INTO cap_counters AS c (shop_id, scope, subject, used, cap, recent, recent_cap)
     SELECT shop_id, scope, $3, used, cap, recent, recent_cap FROM cap_counters
      WHERE shop_id = $1 AND scope = 'referrer' AND subject = $2 FOR UPDATE
     ON CONFLICT (shop_id, scope, subject, period, unit) DO UPDATE
        SET used = c.used + excluded.used, recent = c.recent || excluded.recent,
            cap = CASE WHEN c.cap IS NOT NULL THEN greatest(c.cap, c.used + excluded.used) END,
            recent_cap = CASE WHEN c.recent_cap IS NOT NULL THEN greatest(c.recent_cap, cardinality(c.recent || excluded.recent)) END`,
    [shopId, fromPerson, toPerson],
  );
}

/** Makes sure that the shop's ledger counts in this currency, with the shop's own accounts. @returns its frozen exponent */
export async function ensureCurrency(tx: Tx, shopId: string, currency: CurrencyCode): Promise<number> {
  const known = await exponentOfUnit(tx, shopId, currency);
  if (known !== null) return known;
  await addLedgerUnits(tx, shopId, [{ unit: currency, exponent: exponentOf(currency) }]);
  const accounts = SHOP_ACCOUNT_TYPES.map((type) => ({ id: newId(), type, unit: currency }));
  await addShopAccounts(tx, shopId, accounts);
  return (await exponentOfUnit(tx, shopId, currency)) ?? exponentOf(currency);
}

async function exponentOfUnit(tx: Tx, shopId: string, unit: string): Promise<number | null> {
  const [row] = await tx.query<{ exponent: number }>(
    "SELECT exponent FROM ledger_units WHERE shop_id = $1 AND unit = $2",
    [shopId, unit],
  );
  return row?.exponent ?? null;
}

/**
 * Makes the month's budget agree with what the merchant allows, before a payout counts against it. A row that did not
 * exist begins with what the month has paid already; a budget below what is used becomes what is used. Without a budget
 * there is no row to wait for: rows serialise a shop's payouts.
 *
 * @param args.capMinor minor units of `unit`, or null for no budget
 */
export async function ensureBudget(
  tx: Tx,
  args: { shopId: string; unit: string; capMinor: bigint | null; now: Date },
): Promise<void> {
  const month = "date_trunc('month', $3::timestamptz AT TIME ZONE 'UTC')::date";
  if (args.capMinor === null) {
    await tx.execute(
      `UPDATE cap_counters SET cap = NULL WHERE shop_id = $1 AND scope = 'budget' AND subject = $1 AND unit = $2
          AND period = ${month} AND cap IS NOT NULL`,
      [args.shopId, args.unit, args.now],
    );
    return;
  }
  await tx.execute(
    `INSERT INTO cap_counters AS c (shop_id, scope, subject, period, unit, used, cap)
     SELECT $1, 'budget', $1, ${month}, $2, paid.used, greatest($4::bigint, paid.used)
       FROM (SELECT coalesce(sum(amount), 0)::bigint AS used FROM ledger_transfers
              WHERE shop_id = $1 AND kind = 2 AND unit = $2 AND created_at >= ${month}::timestamp AT TIME ZONE 'UTC') paid
     ON CONFLICT (shop_id, scope, subject, period, unit) DO UPDATE SET cap = greatest($4::bigint, c.used)
      WHERE c.cap IS DISTINCT FROM greatest($4::bigint, c.used)`,
    [args.shopId, args.unit, args.now, args.capMinor],
  );
}

/**
 * Books that a reward left the shop's debt by being given: store credit and gift cards settle when they are issued.
 * @returns false when it was booked before, or nothing remains
 */
export async function bookIssue(tx: Tx, args: { shopId: string; rewardId: string; now: Date }): Promise<boolean> {
  const [row] = await tx.query<{ booked: number }>(STATEMENTS.issueValue, [
    args.shopId,
    args.rewardId,
    newId(),
    args.now,
  ]);
  return row?.booked === 1;
}
