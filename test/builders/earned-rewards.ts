import type { Pools } from "#app/data/pools.ts";
import { inShop } from "#app/data/tenant.ts";
import { convertReferral, insertCode, insertPerson, openReferral, payOut } from "#test/harness/world.ts";

export type EarnedReward = { readonly rewardId: string; readonly side: 1 | 2; readonly personId: string };
export type EarnedPair = {
  readonly referralId: string;
  readonly referrer: EarnedReward;
  readonly friend: EarnedReward;
};

/** A referral in an installed shop that was paid just now: one owed reward a side, each with its outbox row. */
export async function earnRewards(
  pools: Pools,
  shopId: string,
  options: { termsVersion?: number; amountMinor?: bigint } = {},
): Promise<EarnedPair> {
  return inShop(pools, shopId, async (tx) => {
    const referrer = await insertPerson(tx, shopId);
    const friend = await insertPerson(tx, shopId);
    const { codeId, code } = await insertCode(tx, {
      shopId,
      personId: referrer,
      termsVersion: options.termsVersion ?? 1,
    });
    const { amountMinor = 1000n } = options;
    const referralId = await openReferral(tx, { shopId, referrer, friend, codeId, code }, { amountMinor });
    await convertReferral(tx, shopId, referralId);
    await payOut(tx, shopId, referralId);
    const rewards = await tx.query<EarnedReward>(
      `SELECT id AS "rewardId", side, person_id AS "personId" FROM rewards WHERE shop_id = $1 AND referral_id = $2 ORDER BY side`,
      [shopId, referralId],
    );
    const [first, second] = rewards;
    if (first === undefined || second === undefined) throw new Error("a payout makes a reward a side");
    return { referralId, referrer: first, friend: second };
  });
}
