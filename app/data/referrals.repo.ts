import type { MergingReferral } from "#app/domain/person/merge-plan.ts";
import type { ReferralState } from "#app/domain/referral/state.ts";
import { newId } from "#app/platform/ids.ts";
import type { ReferralEvidence } from "./referral-evidence.ts";
import type { Tx } from "./tenant.ts";
import { STATEMENTS } from "./statements.ts";

export type ReferralRow = {
  readonly id: string;
  readonly state: ReferralState;
  readonly reason: string | null;
  readonly codeId: string;
  readonly referrerPerson: string;
  readonly friendPerson: string;
  readonly termsVersion: number;
  readonly version: number;
  readonly evidence: ReferralEvidence | null;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  /** Digits; null until an order was recorded. */
  readonly qualifyingOrder: string | null;
  readonly orderAt: Date | null;
  readonly paidAt: Date | null;
  readonly eligibleAt: Date | null;
  readonly orderSnapshot: Readonly<Record<string, unknown>> | null;
  /** What was learned after the settlement, such as refunds. */
  readonly laterFacts: Readonly<Record<string, unknown>>;
};

const REFERRAL_COLUMNS = `r.id, r.state, r.reason, r.code_id AS "codeId", r.referrer_person AS "referrerPerson",
  r.friend_person AS "friendPerson", r.terms_version AS "termsVersion", r.version, r.evidence, r.opened_at AS "openedAt",
  r.expires_at AS "expiresAt", r.qualifying_order::text AS "qualifyingOrder", r.order_at AS "orderAt", r.paid_at AS "paidAt",
  r.eligible_at AS "eligibleAt", r.order_snapshot AS "orderSnapshot", r.later_facts AS "laterFacts"`;

/** @returns one referral, or null. */
export async function referralById(tx: Tx, shopId: string, referralId: string): Promise<ReferralRow | null> {
  const [row] = await referralsById(tx, shopId, [referralId]);
  return row ?? null;
}

/** @returns those of some referrals that there are, in the order of their ids. */
export async function referralsById(tx: Tx, shopId: string, referralIds: readonly string[]): Promise<ReferralRow[]> {
  return tx.query<ReferralRow>(BY_ID, [shopId, referralIds]);
}

const BY_ID = `SELECT ${REFERRAL_COLUMNS} FROM referrals r WHERE r.shop_id = $1 AND r.id = ANY ($2::uuid[]) ORDER BY r.id`;

/** As `lockReferrals`, of one. @returns it as it is now, or null */
export async function lockReferral(tx: Tx, shopId: string, referralId: string): Promise<ReferralRow | null> {
  const [row] = await lockReferrals(tx, shopId, [referralId]);
  return row ?? null;
}

/**
 * Locks referrals before anything is written about them, in the order of their ids: what points at one takes a weaker lock,
 * which two at once could not both exchange for this one. People are locked before referrals.
 *
 * @returns them as they are now
 */
export async function lockReferrals(tx: Tx, shopId: string, referralIds: readonly string[]): Promise<ReferralRow[]> {
  return tx.query<ReferralRow>(`${BY_ID} FOR UPDATE`, [shopId, referralIds]);
}

/** @returns every referral in which this person, under any merged name, is the friend; newest first. */
export async function referralsOfFriend(tx: Tx, shopId: string, personId: string): Promise<ReferralRow[]> {
  return tx.query<ReferralRow>(
    `SELECT ${REFERRAL_COLUMNS} FROM referrals r JOIN people p ON p.shop_id = r.shop_id AND p.id = r.friend_person
      WHERE r.shop_id = $1 AND $2::uuid IN (p.id, p.merged_into) ORDER BY r.opened_at DESC LIMIT 100`,
    [shopId, personId],
  );
}

/** @returns the open referrals in which some people, all canonical, are the friend, by these people; of two the newer */
export async function openReferralsOf(
  tx: Tx,
  shopId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, ReferralRow>> {
  const rows = await tx.query<ReferralRow & { friend: string }>(
    `SELECT w.id AS friend, ${REFERRAL_COLUMNS} FROM unnest($2::uuid[]) AS w (id)
      CROSS JOIN LATERAL (SELECT id FROM people WHERE shop_id = $1 AND id = w.id
                           UNION ALL SELECT id FROM people WHERE shop_id = $1 AND merged_into = w.id) p
       JOIN referrals r ON r.shop_id = $1 AND r.friend_person = p.id AND r.settlement = 'OPEN' ORDER BY r.opened_at`,
    [shopId, personIds],
  );
  return new Map(rows.map(({ friend, ...referral }) => [friend, referral]));
}

const OF_ORDER = `SELECT ${REFERRAL_COLUMNS} FROM referrals r
  WHERE r.shop_id = $1 AND r.qualifying_order = $2 AND r.settlement <> 'VOID'`;

/** @returns the open or rewarded referral that an order was recorded for, or null. */
export async function referralOfOrder(tx: Tx, shopId: string, orderId: string): Promise<ReferralRow | null> {
  const [row] = await tx.query<ReferralRow>(OF_ORDER, [shopId, orderId]);
  return row ?? null;
}

/** As `lockReferrals`. @returns null also when the order was taken off the referral while its lock was waited for */
export async function lockReferralOfOrder(tx: Tx, shopId: string, orderId: string): Promise<ReferralRow | null> {
  const [row] = await tx.query<ReferralRow>(`${OF_ORDER} FOR UPDATE`, [shopId, orderId]);
  return row ?? null;
}

/** @returns live and rewarded referrals of which one of these people is friend or referrer, under any merged name. */
export async function referralsTouching(tx: Tx, shopId: string, people: readonly string[]): Promise<MergingReferral[]> {
  const rows = await tx.query<Omit<MergingReferral, "openedAt"> & { openedAt: Date }>(
    `SELECT r.id AS "referralId", r.state, coalesce(f.merged_into, f.id) AS "friendPerson",
            coalesce(w.merged_into, w.id) AS "referrerPerson", r.qualifying_order IS NOT NULL AS "hasOrder", r.opened_at AS "openedAt"
       FROM referrals r
       JOIN people f ON f.shop_id = r.shop_id AND f.id = r.friend_person
       JOIN people w ON w.shop_id = r.shop_id AND w.id = r.referrer_person
      WHERE r.shop_id = $1 AND r.settlement <> 'VOID'
        AND (coalesce(f.merged_into, f.id) = ANY ($2::uuid[]) OR coalesce(w.merged_into, w.id) = ANY ($2::uuid[]))
      ORDER BY r.id FOR UPDATE OF r`,
    [shopId, people],
  );
  return rows.map((row) => ({ ...row, openedAt: row.openedAt.getTime() }));
}

export type RecordedOrder = {
  readonly orderId: string;
  readonly orderAt: Date;
  readonly paidAt: Date | null;
  readonly eligibleAt: Date | null;
  readonly snapshot: Readonly<Record<string, unknown>>;
};

/** Records qualifying orders, each once. @returns the referrals that have theirs now: not one that is settled, has an order or had lapsed */
export async function convertReferrals(
  tx: Tx,
  args: { shopId: string; now: Date },
  orders: readonly (RecordedOrder & { readonly referralId: string })[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(STATEMENTS.convertReferral, [
    args.shopId,
    orders.map(({ referralId }) => referralId),
    orders.map(({ orderId }) => orderId),
    orders.map(({ orderAt }) => orderAt),
    orders.map(({ paidAt }) => paidAt),
    orders.map(({ eligibleAt }) => eligibleAt),
    orders.map(({ snapshot }) => JSON.stringify(snapshot)),
    orders.map(() => newId()),
    orders.map(() => newId()),
    args.now,
    "worker",
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** Notes that the recorded order was paid, once. @returns false when it was known */
export async function recordPayment(
  tx: Tx,
  args: {
    shopId: string;
    referralId: string;
    orderId: string;
    paidAt: Date;
    eligibleAt: Date;
    snapshot: Readonly<Record<string, unknown>>;
    now: Date;
  },
): Promise<boolean> {
  const [row] = await tx.query<{ paid: number }>(STATEMENTS.recordPayment, [
    args.shopId,
    args.referralId,
    args.orderId,
    args.paidAt,
    args.eligibleAt,
    JSON.stringify(args.snapshot),
    newId(),
    args.now,
    newId(),
    "worker",
  ]);
  return row?.paid === 1;
}

/** Takes a cancelled or refunded order off an open referral, so that another may count. */
export async function clearOrder(
  tx: Tx,
  args: { shopId: string; referralId: string; orderId: string },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE referrals SET qualifying_order = NULL, order_at = NULL, paid_at = NULL, eligible_at = NULL, order_snapshot = NULL,
            version = version + 1
      WHERE shop_id = $1 AND id = $2 AND qualifying_order = $3 AND state IN ('PENDING', 'HELD')`,
    [args.shopId, args.referralId, args.orderId],
  );
  return count === 1;
}

/** PENDING to HELD: waits for a person. @returns whether it was pending */
export async function holdReferral(
  tx: Tx,
  args: { shopId: string; referralId: string; reason: string },
): Promise<boolean> {
  const count = await tx.execute(
    "UPDATE referrals SET state = 'HELD', reason = $3, version = version + 1 WHERE shop_id = $1 AND id = $2 AND state = 'PENDING'",
    [args.shopId, args.referralId, args.reason],
  );
  return count === 1;
}

/** HELD to PENDING: a person approved. How long Shopify may be unreadable is counted anew. @returns whether it was held */
export async function releaseReferral(
  tx: Tx,
  args: { shopId: string; referralId: string; waiveCap: boolean },
): Promise<boolean> {
  const count = await tx.execute(
    `UPDATE referrals SET state = 'PENDING', reason = NULL, cap_waived = cap_waived OR $3, version = version + 1,
            order_snapshot = order_snapshot - 'unreadableSince'
      WHERE shop_id = $1 AND id = $2 AND state = 'HELD'`,
    [args.shopId, args.referralId, args.waiveCap],
  );
  return count === 1;
}

/** Pays a referral, once. @returns its new state; null when it is not payable (any more), or somebody else was first */
export async function payOut(
  tx: Tx,
  args: { shopId: string; referralId: string; now: Date },
): Promise<"REWARDED" | "HELD" | null> {
  const [row] = await tx.query<{ state: "REWARDED" | "HELD" }>(STATEMENTS.payout, [
    args.shopId,
    args.referralId,
    args.now,
    [newId(), newId()],
    [newId(), newId()],
    [newId(), newId()],
    newId(),
    newId(),
    null,
    "worker",
  ]);
  return row?.state ?? null;
}

/** Ends an open referral without a reward, once. @returns false when it is settled, or may not end this way yet */
export async function voidReferral(
  tx: Tx,
  args: {
    shopId: string;
    referralId: string;
    to: "REJECTED" | "EXPIRED" | "VOIDED";
    reason: string;
    now: Date;
    actor: string;
  },
): Promise<boolean> {
  const rows = await tx.query(STATEMENTS.voidReferral, [
    args.shopId,
    args.referralId,
    args.to,
    args.reason,
    args.now,
    [newId(), newId()],
    newId(),
    args.actor,
  ]);
  return rows.length === 1;
}

/** @returns the ids of a code's open referrals. */
export async function openReferralsOfCode(tx: Tx, shopId: string, codeId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    "SELECT id FROM referrals WHERE shop_id = $1 AND code_id = $2 AND settlement = 'OPEN' ORDER BY id FOR UPDATE",
    [shopId, codeId],
  );
  return rows.map((row) => row.id);
}
