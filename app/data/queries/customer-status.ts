import { publicWhy } from "#app/domain/referral/public-why.ts";
import { isAppealable } from "#app/domain/review/appeal.ts";
import type { ReferralState } from "#app/domain/referral/state.ts";
import type { CustomerStatus } from "#app/read-models.ts";
import { forShop } from "../prisma.ts";
import { firstNameOf } from "./first-name.ts";
import { familyOf } from "./family.ts";
import type { QueryDeps, ReadTx } from "./raw.ts";
import { worthView } from "./raw.ts";

type ReferralRow = {
  readonly id: string;
  readonly state: ReferralState;
  readonly reason: string | null;
  readonly hasPaidOrder: boolean;
  readonly at: Date;
  readonly appealed: boolean;
  readonly profileEnc: Uint8Array | null;
  readonly profileKeyWrapped: Uint8Array | null;
};

type RewardRow = {
  readonly unit: string;
  readonly amount: bigint;
  readonly status: string;
  readonly code: string | null;
  readonly kind: string;
  readonly termsAmount: bigint;
  readonly currency: string;
  readonly exponent: number;
};

const ROWS_MAX = 100;
/** A code that is still being issued, or whose issue is in doubt, is not told: it may not work yet. */
const CODE_IS_TOLD: ReadonlySet<string> = new Set(["issued", "redeemed", "expired"]);

/**
 * What a customer is told: the friends they referred (first name only) with the public reason, and the rewards they
 * earned on either side. A customer nobody knows has neither.
 *
 * @param input.customerHash The shop's keyed hash of the customer id, 32 bytes.
 */
export async function customerStatus(
  deps: QueryDeps,
  input: { shopId: string; customerHash: Uint8Array },
): Promise<CustomerStatus> {
  const { shopId } = input;
  return forShop(deps.prisma, shopId, async (tx) => {
    const people = await familyOf(tx, shopId, input.customerHash);
    if (people.length === 0) return { referrals: [], rewards: [] };
    const referrals = await referralsOf(tx, shopId, people);
    const rewards = await rewardsOf(tx, shopId, people);
    return {
      referrals: referrals.map((row) => ({
        id: row.id,
        friend: firstNameOf(deps.keys, shopId, row),
        state: row.state,
        why: publicWhy(row),
        at: row.at.toISOString(),
        appeal: row.appealed ? "asked" : isAppealable(row.state) ? "possible" : "none",
      })),
      rewards: rewards.map((row) => ({
        code: CODE_IS_TOLD.has(row.status) ? row.code : null,
        value: valueOf(row),
        kind: row.kind,
        status: row.status,
      })),
    };
  });
}

function referralsOf(tx: ReadTx, shopId: string, people: readonly string[]): Promise<ReferralRow[]> {
  return tx.$queryRaw<ReferralRow[]>`
    SELECT r.id, r.state, r.reason, r.paid_at IS NOT NULL AS "hasPaidOrder", r.opened_at AS at,
           EXISTS (SELECT FROM cases k WHERE k.shop_id = r.shop_id AND k.referral_id = r.id AND k.kind = 'appeal') AS appealed,
           f.profile_enc AS "profileEnc", f.profile_key_wrapped AS "profileKeyWrapped"
      FROM referrals r JOIN people f ON f.shop_id = r.shop_id AND f.id = r.friend_person
     WHERE r.shop_id = ${shopId}::uuid AND r.referrer_person = ANY (${people}::uuid[])
     ORDER BY r.opened_at DESC, r.id DESC LIMIT ${ROWS_MAX}`;
}

function rewardsOf(tx: ReadTx, shopId: string, people: readonly string[]): Promise<RewardRow[]> {
  return tx.$queryRaw<RewardRow[]>`
    SELECT w.unit, w.amount, w.status, w.code, CASE w.side WHEN 1 THEN t.referrer_kind ELSE t.friend_kind END AS kind,
           CASE w.side WHEN 1 THEN t.referrer_amount ELSE t.friend_amount END AS "termsAmount", t.currency, t.exponent::int AS exponent
      FROM rewards w
      JOIN referrals r ON r.shop_id = w.shop_id AND r.id = w.referral_id
      JOIN terms t ON t.shop_id = r.shop_id AND t.version = r.terms_version
     WHERE w.shop_id = ${shopId}::uuid AND w.person_id = ANY (${people}::uuid[])
     ORDER BY w.created_at DESC, w.id DESC LIMIT ${ROWS_MAX}`;
}

/** "10.00 GBP", "10%" or "free shipping": plain text that a page in any language may set in its own words. */
function valueOf(row: RewardRow): string {
  const worth = worthView(row, {
    kind: row.kind,
    amount: row.termsAmount,
    currency: row.currency,
    exponent: row.exponent,
  });
  switch (worth.kind) {
    case "money":
      return `${worth.value.amount} ${worth.value.currency}`;
    case "percent":
      return `${worth.percent}%`;
    case "free_shipping":
      return "free shipping";
  }
}
