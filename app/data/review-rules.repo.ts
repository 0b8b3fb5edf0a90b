import type { Tx } from "./tenant.ts";

/** A shop's rules about reviewing. Without a row everybody may decide, and one person is enough. */
export type ReviewRules = {
  readonly listedOnly: boolean;
  /** Minor units; an approval over this takes two people. Null: one person is enough. */
  readonly secondOverMinor: bigint | null;
  readonly currency: string | null;
};

export type StaffRow = {
  /** Subject of the session token; names are not stored. */
  readonly subject: string;
  readonly seenAt: Date;
  readonly manages: boolean;
  readonly mayDecide: boolean;
};

const NO_RULES: ReviewRules = { listedOnly: false, secondOverMinor: null, currency: null };

/** Remembers that somebody of the shop's staff opened the app. The first of all keeps the list (one_manager decides). */
export async function noteStaff(tx: Tx, args: { shopId: string; subject: string; now: Date }): Promise<void> {
  const { shopId, subject, now } = args;
  const first = await tx.execute(
    `INSERT INTO staff (shop_id, subject, seen_at, manages, may_decide)
     SELECT $1, $2, $3, true, true WHERE NOT EXISTS (SELECT FROM staff WHERE shop_id = $1) ON CONFLICT DO NOTHING`,
    [shopId, subject, now],
  );
  if (first === 1) return;
  await tx.execute("INSERT INTO staff (shop_id, subject, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
    shopId,
    subject,
    now,
  ]);
}

/** @returns everybody who opened the app, the first first */
export function staffOf(tx: Tx, shopId: string): Promise<StaffRow[]> {
  return tx.query<StaffRow>(
    `SELECT subject, seen_at AS "seenAt", manages, may_decide AS "mayDecide"
       FROM staff WHERE shop_id = $1 ORDER BY manages DESC, seen_at, subject LIMIT 200`,
    [shopId],
  );
}

/** @returns the shop's rules about reviewing */
export async function reviewRulesOf(tx: Tx, shopId: string): Promise<ReviewRules> {
  const [row] = await tx.query<ReviewRules>(
    `SELECT listed_only AS "listedOnly", second_over AS "secondOverMinor", currency FROM review_rules WHERE shop_id = $1`,
    [shopId],
  );
  return row ?? NO_RULES;
}

/** @returns whether somebody may decide cases: everybody may, until the shop has only listed staff decide */
export async function mayDecide(tx: Tx, shopId: string, subject: string): Promise<boolean> {
  const [row] = await tx.query<{ may: boolean }>(
    `SELECT NOT coalesce((SELECT listed_only FROM review_rules WHERE shop_id = $1), false)
         OR EXISTS (SELECT FROM staff WHERE shop_id = $1 AND subject = $2 AND may_decide) AS may`,
    [shopId, subject],
  );
  return row?.may ?? false;
}

/** Writes the rules anew. */
export async function saveReviewRules(
  tx: Tx,
  args: { shopId: string; listedOnly: boolean; secondOverMinor: bigint | null; currency: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO review_rules (shop_id, listed_only, second_over, currency) VALUES ($1, $2, $3, $4)
     ON CONFLICT (shop_id) DO UPDATE SET listed_only = $2, second_over = $3, currency = $4`,
    [args.shopId, args.listedOnly, args.secondOverMinor, args.currency],
  );
}

/** Lists exactly these people of the shop's staff, and whoever keeps the list. */
export async function listStaff(tx: Tx, args: { shopId: string; subjects: readonly string[] }): Promise<void> {
  await tx.execute("UPDATE staff SET may_decide = manages OR subject = ANY ($2::text[]) WHERE shop_id = $1", [
    args.shopId,
    args.subjects,
  ]);
}

/**
 * The first of two approvals: the case waits for another person.
 * @returns false on a stale version
 */
export async function approveFirst(
  tx: Tx,
  args: { shopId: string; caseId: string; version: number; by: string },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE cases SET two_people = true, first_by = $4, version = version + 1
      WHERE shop_id = $1 AND id = $2 AND version = $3 AND state = 'open'`,
    [args.shopId, args.caseId, args.version, args.by],
  );
  return count === 1;
}

/** @returns what a referral would pay in one unit of money, in minor units, both sides together */
export async function promisedMinor(
  tx: Tx,
  args: { shopId: string; referralId: string; unit: string },
): Promise<bigint> {
  const [row] = await tx.query<{ sum: bigint }>(
    `SELECT coalesce(sum(amount), 0)::bigint AS sum FROM ledger_transfers
      WHERE shop_id = $1 AND referral_id = $2 AND kind = 1 AND unit = $3`,
    [args.shopId, args.referralId, args.unit],
  );
  return row?.sum ?? 0n;
}
