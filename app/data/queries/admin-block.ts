import type { AdminBlock, BlockReferral } from "#app/admin-block.ts";
import { publicWhy } from "#app/domain/referral/public-why.ts";
import type { ReferralState } from "#app/domain/referral/state.ts";
import { Prisma } from "../generated/index.js";
import { forShop } from "../prisma.ts";
import { familyOf } from "./family.ts";
import { firstNameOf } from "./first-name.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";

type Row = {
  readonly id: string;
  readonly state: ReferralState;
  readonly reason: string | null;
  readonly hasPaidOrder: boolean;
  readonly at: Date;
  readonly friendEnc: Uint8Array | null;
  readonly friendKey: Uint8Array | null;
  readonly referrerEnc: Uint8Array | null;
  readonly referrerKey: Uint8Array | null;
};

const REFERRALS_MAX = 5;

/** The referrals that an order was recorded for. */
export async function orderBlock(deps: QueryDeps, input: { shopId: string; orderId: string }): Promise<AdminBlock> {
  const { shopId, orderId } = input;
  return forShop(deps.prisma, shopId, async (tx) => {
    const where = Prisma.sql`r.qualifying_order = ${BigInt(orderId)}`;
    return { referrals: await referralsWhere(tx, deps, shopId, where), ownLink: null };
  });
}

/**
 * The referrals by which a customer came, and what came of a link of their own.
 * @param input.customerHash the shop's keyed hash of the customer id, 32 bytes
 */
export async function customerBlock(
  deps: QueryDeps,
  input: { shopId: string; customerHash: Uint8Array },
): Promise<AdminBlock> {
  const { shopId } = input;
  return forShop(deps.prisma, shopId, async (tx) => {
    const family = await familyOf(tx, shopId, input.customerHash);
    if (family.length === 0) return { referrals: [], ownLink: null };
    const where = Prisma.sql`r.friend_person = ANY (${family}::uuid[])`;
    return {
      referrals: await referralsWhere(tx, deps, shopId, where),
      ownLink: await ownLinkOf(tx, shopId, family),
    };
  });
}

async function referralsWhere(
  tx: ReadTx,
  { keys }: Pick<QueryDeps, "keys">,
  shopId: string,
  where: Prisma.Sql,
): Promise<BlockReferral[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT r.id, r.state, r.reason, r.paid_at IS NOT NULL AS "hasPaidOrder", r.opened_at AS at,
           f.profile_enc AS "friendEnc", f.profile_key_wrapped AS "friendKey",
           w.profile_enc AS "referrerEnc", w.profile_key_wrapped AS "referrerKey"
      FROM referrals r
      JOIN people f ON f.shop_id = r.shop_id AND f.id = r.friend_person
      JOIN people w ON w.shop_id = r.shop_id AND w.id = r.referrer_person
     WHERE r.shop_id = ${shopId}::uuid AND ${where}
     ORDER BY r.opened_at DESC, r.id DESC LIMIT ${REFERRALS_MAX}`;
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    why: publicWhy(row),
    referrer: firstNameOf(keys, shopId, { profileEnc: row.referrerEnc, profileKeyWrapped: row.referrerKey }),
    friend: firstNameOf(keys, shopId, { profileEnc: row.friendEnc, profileKeyWrapped: row.friendKey }),
    at: row.at.toISOString(),
  }));
}

async function ownLinkOf(tx: ReadTx, shopId: string, family: readonly string[]): Promise<AdminBlock["ownLink"]> {
  const people = [...family];
  const [row] = await tx.$queryRaw<{ code: string; friends: number; rewarded: number }[]>`
    SELECT c.code,
           (SELECT count(*)::int FROM referrals r WHERE r.shop_id = c.shop_id AND r.referrer_person = ANY (${people}::uuid[])) AS friends,
           (SELECT count(*)::int FROM referrals r WHERE r.shop_id = c.shop_id AND r.referrer_person = ANY (${people}::uuid[])
               AND r.state = 'REWARDED') AS rewarded
      FROM codes c
     WHERE c.shop_id = ${shopId}::uuid AND c.person_id = ANY (${people}::uuid[]) AND c.state = 'active' LIMIT 1`;
  return row ?? null;
}
