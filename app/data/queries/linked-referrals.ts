import type { LinkedReferralsView } from "#app/read-models.ts";
import { Prisma } from "../generated/index.js";
import { forShop } from "../prisma.ts";
import { referralRowView, referralsWhere } from "./list-referrals.ts";
import type { QueryDeps } from "./raw.ts";
import { isUuid } from "./raw.ts";

const ROWS_MAX = 5;

/**
 * Referrals that a reviewer should see beside one: those that its friend made, those whose friend was seen with the same
 * card, browser or address, and those that brought its referrer. Newest first, a few of each.
 */
export async function linkedReferrals(
  deps: QueryDeps,
  input: { shopId: string; referralId: string },
): Promise<LinkedReferralsView> {
  const { shopId, referralId } = input;
  if (!isUuid(referralId)) return { byFriend: [], likeFriend: [], ofReferrer: [] };
  return forShop(deps.prisma, shopId, async (tx) => {
    const rows = async (where: Prisma.Sql) => {
      const found = await referralsWhere(tx, { shopId, where, limit: ROWS_MAX });
      return found.map((row) => referralRowView(deps.keys, shopId, row));
    };
    const friend = personOf(shopId, referralId, Prisma.sql`friend_person`);
    const referrer = personOf(shopId, referralId, Prisma.sql`referrer_person`);
    return {
      byFriend: await rows(Prisma.sql`AND r.referrer_person = ANY (${friend})`),
      likeFriend: await rows(Prisma.sql`AND r.id <> ${referralId}::uuid AND r.friend_person IN (
        SELECT other.person_id FROM person_keys own
          JOIN person_keys other ON other.shop_id = own.shop_id AND other.kind = own.kind AND other.hash = own.hash
         WHERE own.shop_id = ${shopId}::uuid AND own.person_id = ANY (${friend}) AND own.kind IN ('card', 'device', 'address')
           AND other.person_id <> own.person_id)`),
      ofReferrer: await rows(Prisma.sql`AND r.friend_person = ANY (${referrer})`),
    };
  });
}

/** Everybody who is the same person as a referral's friend or referrer, merges followed. */
function personOf(shopId: string, referralId: string, column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`ARRAY(
    SELECT p.id FROM referrals x
      JOIN people named ON named.shop_id = x.shop_id AND named.id = x.${column}
      JOIN people p ON p.shop_id = x.shop_id AND coalesce(p.merged_into, p.id) = coalesce(named.merged_into, named.id)
     WHERE x.shop_id = ${shopId}::uuid AND x.id = ${referralId}::uuid)`;
}
