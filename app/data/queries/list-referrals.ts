import { REFERRAL_STATES } from "#app/domain/referral/state.ts";
import type { Keys } from "#app/platform/keys.ts";
import type { ReferralListView, ReferralRowView, ReferralStateView } from "#app/read-models.ts";
import { Prisma } from "../generated/index.js";
import { forShop } from "../prisma.ts";
import { firstNameOf } from "./first-name.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";
import { isoOrNull, isUuid, shortIdOf } from "./raw.ts";

export type ReferralListRow = {
  readonly id: string;
  readonly state: ReferralStateView;
  readonly reason: string | null;
  readonly hasOrder: boolean;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  readonly eligibleAt: Date | null;
  readonly code: string | null;
  readonly friendEnc: Uint8Array | null;
  readonly friendKey: Uint8Array | null;
  readonly referrerEnc: Uint8Array | null;
  readonly referrerKey: Uint8Array | null;
};

const LIMIT_MAX = 100;

/**
 * A page of referrals, newest first, and how many there are in each state. Ids grow with time, so the cursor is the id
 * of the last row; one that is no id begins at the newest.
 *
 * @param input.limit Rows a page, at most 100.
 */
export async function listReferrals(
  deps: QueryDeps,
  input: { shopId: string; state: ReferralStateView | null; cursor: string | null; limit: number },
): Promise<ReferralListView> {
  const limit = Math.min(Math.max(input.limit, 1), LIMIT_MAX);
  const after =
    input.cursor !== null && isUuid(input.cursor) ? Prisma.sql`AND r.id < ${input.cursor}::uuid` : Prisma.empty;
  const inState = input.state === null ? Prisma.empty : Prisma.sql`AND r.state = ${input.state}`;
  return forShop(deps.prisma, input.shopId, async (tx) => {
    const where = Prisma.sql`${inState} ${after}`;
    const rows = await referralsWhere(tx, { shopId: input.shopId, where, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    return {
      rows: shown.map((row) => referralRowView(deps.keys, input.shopId, row)),
      nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      counts: await countsWhere(tx, input.shopId, Prisma.empty),
    };
  });
}

/** Referrals that fit, newest first. @param input.where begins with AND, or is empty; the referral is `r` in it */
export function referralsWhere(
  tx: ReadTx,
  input: { shopId: string; where: Prisma.Sql; limit: number },
): Promise<ReferralListRow[]> {
  return tx.$queryRaw<ReferralListRow[]>`
    SELECT r.id, r.state, r.reason, r.qualifying_order IS NOT NULL AS "hasOrder", r.opened_at AS "openedAt", r.expires_at AS "expiresAt",
           r.eligible_at AS "eligibleAt", c.code, f.profile_enc AS "friendEnc", f.profile_key_wrapped AS "friendKey",
           w.profile_enc AS "referrerEnc", w.profile_key_wrapped AS "referrerKey"
      FROM referrals r
      JOIN codes c ON c.shop_id = r.shop_id AND c.id = r.code_id
      JOIN people f ON f.shop_id = r.shop_id AND f.id = r.friend_person
      JOIN people w ON w.shop_id = r.shop_id AND w.id = r.referrer_person
     WHERE r.shop_id = ${input.shopId}::uuid ${input.where}
     ORDER BY r.id DESC LIMIT ${input.limit}`;
}

/** How many referrals that fit are in each state. @param where as for `referralsWhere` */
export async function countsWhere(tx: ReadTx, shopId: string, where: Prisma.Sql): Promise<ReferralListView["counts"]> {
  const rows = await tx.$queryRaw<{ state: ReferralStateView; count: bigint }[]>`
    SELECT r.state, count(*) AS count FROM referrals r WHERE r.shop_id = ${shopId}::uuid ${where} GROUP BY r.state`;
  const counts = { PENDING: 0, HELD: 0, REWARDED: 0, REJECTED: 0, EXPIRED: 0, VOIDED: 0 };
  for (const state of REFERRAL_STATES) counts[state] = Number(rows.find((row) => row.state === state)?.count ?? 0);
  return counts;
}

/** A referral as a line of a list. */
export function referralRowView(keys: Keys, shopId: string, row: ReferralListRow): ReferralRowView {
  return {
    id: row.id,
    shortId: shortIdOf(row.id),
    friend: firstNameOf(keys, shopId, { profileEnc: row.friendEnc, profileKeyWrapped: row.friendKey }),
    referrer: firstNameOf(keys, shopId, { profileEnc: row.referrerEnc, profileKeyWrapped: row.referrerKey }),
    code: row.code,
    openedAt: row.openedAt.toISOString(),
    state: row.state,
    reason: row.reason,
    hasOrder: row.hasOrder,
    eligibleAt: isoOrNull(row.eligibleAt),
    expiresAt: row.expiresAt.toISOString(),
  };
}
