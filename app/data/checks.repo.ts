import { leastIdAt } from "#app/platform/ids.ts";
import { foldLedger } from "./ledger-fold.ts";
import type { Tx } from "./tenant.ts";

/** Each view with the column that names what it found. A finding says that money may be wrong: it pauses the payouts. */
const MONEY_VIEWS = {
  check_referral_ledger: "id",
  check_earned: "id",
  check_liability: "id",
  check_remaining: "id",
  check_claw_back: "id",
  check_one_person: "person",
  check_settling_audit: "id",
  check_terms_amount: "id",
  check_caps: "subject",
} as const;

/** Found here is late work or a deployment to look after; no amount is in doubt, so nothing is paused. */
const OTHER_VIEWS = {
  check_overdue: "what || ' ' || id",
  check_clicks_default: "clicked_at",
  check_catalog: "rel || ' ' || what",
} as const;

/** The fold of the ledger in TypeScript against the database's sums; as every check of money it pauses. */
export const FOLD_CHECK = "check_fold";
const VIEWS: Readonly<Record<string, string>> = { ...MONEY_VIEWS, ...OTHER_VIEWS };
/** Of the whole database, and slow to change: no business of a five-minute round. */
const DAILY_ONLY: ReadonlySet<string> = new Set(["check_catalog", FOLD_CHECK]);

/** Every check by name. A test holds the list against the views of the database. */
export const CHECK_NAMES: readonly string[] = [...Object.keys(VIEWS), FOLD_CHECK];
/** The checks of a round between two full ones. */
export const ROUND_CHECKS: readonly string[] = CHECK_NAMES.filter((name) => !DAILY_ONLY.has(name));
/** The one check that time alone can fail. */
export const TIME_CHECKS: readonly string[] = ["check_overdue"];

/** Whether a finding of this check stops the payouts of its shop. */
export function isMoneyCheck(name: string): boolean {
  return name === FOLD_CHECK || Object.hasOwn(MONEY_VIEWS, name);
}

export type CheckResult = {
  readonly name: string;
  readonly findings: number;
  /** Names of what was found, the first hundred in their order. */
  readonly subjects: readonly string[];
};

export type KeptResult = CheckResult & { readonly at: Date; readonly watermark: Date | null };

const SUBJECTS_MAX = 100;

/**
 * Runs one check for the transaction's shop.
 *
 * @param now The application's clock, which may run ahead of the server's: what is overdue is overdue by it.
 */
export async function runCheck(tx: Tx, shopId: string, name: string, now: Date): Promise<CheckResult> {
  if (name === FOLD_CHECK) {
    const { disagreeing } = await foldLedger(tx);
    return { name, findings: disagreeing.length, subjects: disagreeing.toSorted().slice(0, SUBJECTS_MAX) };
  }
  const subject = VIEWS[name];
  if (subject === undefined) throw new RangeError(`there is no check ${name}`);
  await tx.query("SELECT set_config('app.now', $1, true)", [now.toISOString()]);
  // The names come from the lists above. check_catalog has no shop: it is of the whole database.
  const [where, values] = name === "check_catalog" ? ["", []] : ["WHERE shop_id = $1", [shopId]];
  const rows = await tx.query<{ subject: string; total: number }>(
    `SELECT (${subject})::text AS subject, count(*) OVER ()::int AS total FROM ${name} ${where} ORDER BY 1 LIMIT ${SUBJECTS_MAX}`,
    values,
  );
  return { name, findings: rows[0]?.total ?? 0, subjects: rows.map((row) => row.subject) };
}

/** @returns the newest result of every check that ever ran for the shop. */
export function latestResults(tx: Tx, shopId: string): Promise<KeptResult[]> {
  return tx.query<KeptResult>(
    `SELECT DISTINCT ON (check_name) check_name AS name, at, findings, subjects, watermark
       FROM check_results WHERE shop_id = $1 ORDER BY check_name, at DESC`,
    [shopId],
  );
}

/** Keeps a result. One that says the same as the one before takes its place, so that the table holds changes alone. */
export async function keepResult(
  tx: Tx,
  shopId: string,
  result: CheckResult & { at: Date; watermark: Date | null; before: KeptResult | null },
): Promise<void> {
  const { name, at, before } = result;
  const isSame = before !== null && before.subjects.join() === result.subjects.join();
  const replaced = isSame && before.findings === result.findings ? before.at : at;
  await tx.execute("DELETE FROM check_results WHERE shop_id = $1 AND check_name = $2 AND at IN ($3, $4)", [
    shopId,
    name,
    at,
    replaced,
  ]);
  await tx.execute(
    `INSERT INTO check_results (shop_id, check_name, at, findings, watermark, subjects) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [shopId, name, at, result.findings, result.watermark, result.subjects],
  );
}

/** Whether the shop has money booked or anything on record since an instant of the machine's clock. */
export async function hasNews(tx: Tx, shopId: string, since: Date): Promise<boolean> {
  const [row] = await tx.query<{ news: boolean }>(
    `SELECT EXISTS (SELECT FROM ledger_transfers WHERE shop_id = $1 AND id >= $2)
         OR EXISTS (SELECT FROM audit WHERE shop_id = $1 AND id >= $2) AS news`,
    [shopId, leastIdAt(since)],
  );
  return row?.news ?? true;
}

/** Stops the payouts of a shop where they run. @returns false when they were stopped already, for whatever reason */
export async function stopPayouts(tx: Tx, shopId: string, reason: string): Promise<boolean> {
  const count = await tx.execute("UPDATE shops SET payouts_paused = $2 WHERE id = $1 AND payouts_paused IS NULL", [
    shopId,
    reason,
  ]);
  return count === 1;
}
