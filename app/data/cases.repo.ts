import type { Tx } from "#app/data/tenant.ts";
import type { CaseKind } from "#app/domain/review/choices.ts";
import { newId } from "#app/platform/ids.ts";

export type CaseRow = {
  readonly id: string;
  readonly kind: CaseKind;
  readonly state: "open" | "closed";
  readonly referralId: string | null;
  /** Whom the case is about, under the name they had when it was opened. */
  readonly personId: string | null;
  readonly decision: string | null;
  /** The receivable that is not yet set off, in minor units. */
  readonly clawOpen: bigint;
  /** The one reward that it is about. */
  readonly rewardId: string | null;
  /** An approval takes two people. */
  readonly twoPeople: boolean;
  /** Who approved first, of two. */
  readonly firstBy: string | null;
  readonly version: number;
};

const DAY_MS = 86_400_000;
/** A case that nobody decided in this time is shown in red and mailed to the team; it is never paid by time. */
const ESCALATES_AFTER_MS = 3 * DAY_MS;

/**
 * Opens a case for a person to decide. One open case of a kind per referral, or per reward
 * where it is about one: asking again changes nothing.
 * @returns whether a case was opened
 */
export async function openCase(
  tx: Tx,
  args: {
    shopId: string;
    kind: CaseKind;
    referralId: string | null;
    personId: string | null;
    rewardId?: string;
    reason: string;
    now: Date;
  },
): Promise<boolean> {
  const count = await tx.execute(
    `INSERT INTO cases (shop_id, id, kind, referral_id, person_id, reason, opened_at, escalate_at, reward_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      args.shopId,
      newId(),
      args.kind,
      args.referralId,
      args.personId,
      args.reason,
      args.now,
      new Date(args.now.getTime() + ESCALATES_AFTER_MS),
      args.rewardId ?? null,
    ],
  );
  return count === 1;
}

/** Marks a referral's open hold as changed, so that whoever saw it before, or approved it first, has to look again. */
export async function renewCase(tx: Tx, shopId: string, referralId: string): Promise<void> {
  await tx.execute(
    "UPDATE cases SET version = version + 1, first_by = NULL WHERE shop_id = $1 AND referral_id = $2 AND kind = 'fraud_hold' AND state = 'open'",
    [shopId, referralId],
  );
}

/** As `openCase`, for an entry that has to name its case. @returns the id of the open case of this kind, new or not */
export async function ensureOpenCase(tx: Tx, args: Parameters<typeof openCase>[1]): Promise<string> {
  await openCase(tx, args);
  // The newest: a case about no referral is always a new one, and ids grow. One about a referral stands alone.
  const [row] = await tx.query<{ id: string }>(
    `SELECT id FROM cases WHERE shop_id = $1 AND kind = $2 AND state = 'open' AND referral_id IS NOT DISTINCT FROM $3
        AND ($3::uuid IS NOT NULL OR person_id IS NOT DISTINCT FROM $4) ORDER BY id DESC LIMIT 1`,
    [args.shopId, args.kind, args.referralId, args.personId],
  );
  if (row === undefined) throw new Error("a case was just opened, or is open");
  return row.id;
}

/** Whether a person approved a hold of this referral that was made for this reason. */
export async function wasApproved(tx: Tx, shopId: string, referralId: string, reason: string): Promise<boolean> {
  const rows = await tx.query(
    // A reviewer's own words take the place of a case's reason; the record keeps it.
    `SELECT FROM audit a JOIN cases k ON k.shop_id = a.shop_id AND k.referral_id = a.subject AND k.opened_at >= a.at
      WHERE a.shop_id = $1 AND a.subject = $2 AND a.action = 'referral.held' AND a.detail ->> 'reason' = $3
        AND k.kind = 'fraud_hold' AND k.state = 'closed' AND k.decision = 'approved' LIMIT 1`,
    [shopId, referralId, reason],
  );
  return rows.length > 0;
}

/** @returns a case of this shop, or null. */
export async function caseById(tx: Tx, shopId: string, caseId: string): Promise<CaseRow | null> {
  const [row] = await tx.query<CaseRow>(
    `SELECT id, kind, state, referral_id AS "referralId", person_id AS "personId", reward_id AS "rewardId", two_people AS "twoPeople", first_by AS "firstBy", decision, claw_open AS "clawOpen", version
       FROM cases WHERE shop_id = $1 AND id = $2`,
    [shopId, caseId],
  );
  return row ?? null;
}

/**
 * Closes an open case if it still is at the version that the reviewer saw.
 * @returns false when somebody else was first: then nothing was changed
 */
export async function closeCase(
  tx: Tx,
  args: { shopId: string; caseId: string; version: number; decision: string; decidedBy: string; reason: string | null },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE cases SET state = 'closed', decision = $4, decided_by = $5, reason = coalesce($6, reason), version = version + 1
      WHERE shop_id = $1 AND id = $2 AND version = $3 AND state = 'open'`,
    [args.shopId, args.caseId, args.version, args.decision, args.decidedBy, args.reason],
  );
  return count === 1;
}

/**
 * Counts a change to a case, so that a decision on what was shown before is stale.
 * @param args.version as the reviewer saw it; null for whatever it is
 * @returns false when somebody else was first
 */
export async function touchCase(
  tx: Tx,
  args: { shopId: string; caseId: string; version: number | null },
): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE cases SET version = version + 1 WHERE shop_id = $1 AND id = $2 AND version = coalesce($3, version)",
    [args.shopId, args.caseId, args.version],
  );
  return count === 1;
}

/** @returns the open case of a kind that a referral has, or null */
export async function openCaseOfKind(
  tx: Tx,
  args: { shopId: string; referralId: string; kind: CaseKind },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    "SELECT id FROM cases WHERE shop_id = $1 AND referral_id = $2 AND kind = $3 AND state = 'open'",
    [args.shopId, args.referralId, args.kind],
  );
  return row?.id ?? null;
}

/** How often a person appealed since an instant, and whether this referral was ever appealed. */
export async function appealsOf(
  tx: Tx,
  args: { shopId: string; personId: string; referralId: string; since: Date },
): Promise<{ readonly ofPerson: number; readonly ofReferral: number }> {
  const [row] = await tx.query<{ ofPerson: number; ofReferral: number }>(
    `SELECT (count(*) FILTER (WHERE c.referral_id = $3))::int AS "ofReferral",
            (count(*) FILTER (WHERE c.opened_at > $4 AND $2::uuid IN (p.id, p.merged_into)))::int AS "ofPerson"
       FROM cases c LEFT JOIN people p ON p.shop_id = c.shop_id AND p.id = c.person_id
      WHERE c.shop_id = $1 AND c.kind = 'appeal' AND (c.referral_id = $3 OR $2::uuid IN (p.id, p.merged_into))`,
    [args.shopId, args.personId, args.referralId, args.since],
  );
  return row ?? { ofPerson: 0, ofReferral: 0 };
}
